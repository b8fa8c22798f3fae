import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { FINDINGS, type FindingCode } from '../../core/finding.js'
import type { FeedOptions } from '../../feeds/read-feed.js'
import { recordsOf, type FeedRecord } from '../../feeds/records.js'
import { zipped } from '../../targets/zip.js'
import { csv, HEADERS, institution, published, record } from './forms.js'
import { readOrRefused, type Read } from './reading.js'

/** How many files are tried: the suite tries few of them, `FUZZED=10000` many. */
const TRIES = Number(process.env['FUZZED'] ?? 400)

const IDS = [
  '1311310000010',
  '0111010000010',
  '421hgo0001',
  '47187',
  '131',
  '1.31E+12',
  '2026/1/2',
  '11010000010',
]

/** Files that are right but for some records, each with what people say it is. */
const FILES: readonly (readonly [string, FeedOptions])[] = [
  ...(['hospital', 'clinic', 'dental', 'maternity', 'pharmacy'] as const).map((form) => {
    const place = { 都道府県コード: '01', 所在地: '北海道函館市架空町１' }
    const lines = IDS.slice(0, 5).map((ID, index) =>
      institution(form, index === 1 ? { ID, ...place } : { ID }),
    )
    return [published(HEADERS[form], ...lines), {}] as const
  }),
  [
    csv(['ID', '正式名称', '所在地'], ...IDS.map((id) => [id, '架空病院', '北海道函館市'])),
    { feed: 'iryojohonet-hospital', repair: true },
  ],
  [
    csv(
      HEADERS.filings,
      ...['99,0001,0', '99,0001,0', '9900028', '900028'].map((number) =>
        record('filings', {
          都道府県コード: '13',
          医療機関番号: number,
          医療機関名称: '架空',
          受理番号: '1',
        }),
      ),
    ),
    { feed: 'kouseikyoku-todokede-ika' },
  ],
  [
    '010100019,0100019,架空内科,0600001,札幌市\n139900010,9900010,架空医院,,港区\n139900010,9900010,架空医院,,港区\n',
    { feed: 'kouseikyoku-shika' },
  ],
  [
    '10100019,100019,架空内科,600001,札幌市\r\n139900010,9900010,架空医院,,港区\r\n',
    { feed: 'kouseikyoku-shika', repair: true },
  ],
  [
    'コード,名,区\n0001,"a ""b"",\nc",東\n0002,x,\n',
    { mapping: { columns: { id: 'コード', name: '名', part: '区' }, key: ['id'], scope: ['part'] } },
  ],
]

const junk = fc.oneof(
  fc.constantFrom(
    '"',
    '""',
    ',',
    ',,,,',
    '\n',
    '\r\n',
    '\r',
    ';',
    '\t',
    '\0',
    '\u0007',
    '\ufeff',
    '\x1b$B',
    '="1"',
  ),
  fc.constantFrom(
    '\u3000',
    '0',
    '9'.repeat(400),
    '1.31E+12',
    '2026/1/2',
    '\u{20bb7}',
    '\n"',
    '",\n',
    '"\n"',
    'あ',
  ),
  fc.constantFrom(
    'x'.repeat(300_000),
    ','.repeat(1000),
    '"\n'.repeat(50),
    '\n'.repeat(50),
    `"${'y'.repeat(100_000)}`,
  ),
)

/** Parts of characters, marks of UTF-16, beginnings of archives: bytes, as latin1. */
const foreign = fc.constantFrom(
  ...[
    '\x93\xb1\x93\xfc',
    '\x81\x40',
    '\xe5\xb0',
    '\xff\xfe',
    '\xfe\xff',
    '\x80',
    'PK\x03\x04',
    '\x1f\x8b\x08',
  ],
)

type Damage =
  | { readonly kind: 'cut' | 'drop' | 'flip' | 'repeat'; readonly at: number; readonly value: number }
  | { readonly kind: 'insert'; readonly at: number; readonly text: string }

const share = fc.noBias(fc.integer({ min: 0, max: 9999 })).map((place) => place / 10_000)
const byte = fc.integer({ min: 0, max: 255 })
const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('cut', 'drop'), at: share, value: byte }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('flip', 'repeat'), at: share, value: byte }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('insert'), at: share, text: junk }) },
)
const damageOfBytes: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constantFrom('cut', 'drop', 'flip', 'repeat'), at: share, value: byte }),
  fc.record({ kind: fc.constant('insert'), at: share, text: foreign }),
)

/** Mostly behind the headers, which take up most of a small file. */
function damagedText(text: string, one: Damage): string {
  const headers = one.at < 0.1 ? 0 : text.indexOf('\n') + 1
  const at = headers + Math.floor(one.at * (text.length - headers))
  return text.slice(0, at) + changed(text.slice(at), one)
}

function damagedBytes(bytes: Buffer, one: Damage): Buffer {
  const at = Math.floor(one.at * bytes.length)
  // Every byte is a character of latin1.
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(changed(bytes.toString('latin1', at), one), 'latin1'),
  ])
}

function changed(behind: string, one: Damage): string {
  switch (one.kind) {
    case 'cut':
      return ''
    case 'drop':
      return behind.slice(1 + (one.value % 40))
    case 'flip':
      return String.fromCharCode(one.value) + behind.slice(1)
    case 'repeat':
      return behind.slice(0, one.value) + behind
    case 'insert':
      return one.text + behind
  }
}

type Packing = 'plain' | 'gz' | 'zip' | 'utf16'
const PACKINGS: readonly Packing[] = [
  'gz',
  'zip',
  'utf16',
  ...Array.from({ length: 9 }, () => 'plain' as const),
]

async function packed(text: string, packing: Packing): Promise<readonly [string, Buffer]> {
  switch (packing) {
    case 'plain':
      return ['a.csv', Buffer.from(text)]
    case 'gz':
      return ['a.gz', gzipSync(text)]
    case 'zip':
      return ['a.zip', await zipped({ 'a.csv': text, 'b.csv': text })]
    case 'utf16':
      return ['a.csv', Buffer.from(text, 'utf16le')]
  }
}

const CODES: ReadonlySet<string> = new Set(['IMPORT_INVALID', 'IMPORT_FORM_UNKNOWN', 'IMPORT_DAMAGED'])

/** Every record was given out, folded, or told of. */
function checkCounts({ rows, summary }: Read): void {
  let given = 0
  let reported = 0
  for (const file of summary.files) {
    equal(file.records, file.rows + file.folded + file.reported)
    given += file.rows
    reported += file.reported
  }
  equal(rows.length, given)
  const counts = Object.entries(summary.findings.counts) as readonly [FindingCode, number][]
  const told = counts.filter(([code]) => FINDINGS[code].severity === 'row')
  equal(
    told.reduce((sum, [, count]) => sum + count, 0),
    reported,
  )
}

/** Where no quotes are, a line is a record: none is lost, and each row stands where it says. What separates values is found in the first line. */
function checkLines(text: string, { rows, summary }: Read, headers: boolean): void {
  if (/["\t;]|\r(?!\n)/u.test(text)) return
  const lines = text.replace(/^\ufeff/u, '').split(/\r?\n/u)
  const filled = lines.filter((line) => /[^,]/u.test(line)).length
  equal(summary.files[0]?.records, filled - (headers ? 1 : 0))
  for (const { line, values } of rows) ok((lines[line - 1] ?? '').includes(values['name'] ?? ''))
}

describe('a file that was damaged at random', () => {
  it('is refused with a code, or every record is given out, folded or told of', async function () {
    this.timeout(3_600_000)
    let [refused, taken, reported] = [0, 0, 0]
    const trial = fc.record({
      file: fc.constantFrom(...FILES),
      damages: fc.array(damage, { maxLength: 3 }),
      packing: fc.constantFrom<Packing>(...PACKINGS),
      bytes: fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, damageOfBytes),
    })
    await fc.assert(
      fc.asyncProperty(trial, async ({ file, damages, packing, bytes }) => {
        const text = damages.reduce(damagedText, file[0])
        const [name, whole] = await packed(text, packing)
        const content = bytes === undefined ? whole : damagedBytes(whole, bytes)
        const found = await readOrRefused({ [name]: content }, file[1])
        if (found instanceof SyncError) {
          refused++
          ok(CODES.has(found.code), found.code)
          match(found.message, /^a\.(?:csv|gz|zip)/u)
          return
        }
        taken++
        reported += found.summary.files.reduce((sum, file) => sum + file.reported, 0)
        checkCounts(found)
        if (packing === 'plain' && found.summary.files[0]?.encoding !== 'shift_jis')
          checkLines(content.toString(), found, file[1].feed?.endsWith('-shika') !== true)
      }),
      { numRuns: TRIES },
    )
    ok(refused > TRIES / 10 && taken > TRIES / 10 && reported > TRIES / 10, `${refused} ${taken} ${reported}`)
  })
})

describe('the records of a file', () => {
  const piece = fc.constantFrom(
    'a',
    'bc',
    ',',
    ',',
    '"',
    '"',
    '""',
    '\n',
    '\n',
    '\r\n',
    ' ',
    '""\n',
    '"a\nb",',
  )

  it('are the same however its bytes arrive, and those that another reader finds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.integer({ min: 1, max: 9 }),
        async (pieces, size) => {
          const text = `${pieces.join('')}\n`
          const whole = await records(text, 1_000_000)
          deepEqual(await records(text, size), whole)
          if (whole.some(({ problem }) => problem !== undefined)) return
          const others: readonly (readonly string[])[] = parse(text, {
            record_delimiter: ['\r\n', '\n', '\r'],
            relax_column_count: true,
            skip_empty_lines: true,
          })
          deepEqual(
            whole.map(({ texts }) => texts),
            others.filter((texts) => texts.some((one) => one !== '')),
          )
        },
      ),
      { numRuns: TRIES * 5 },
    )
  })
})

async function records(text: string, size: number): Promise<readonly FeedRecord[]> {
  const bytes = Buffer.from(text)
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
  }
  const found: FeedRecord[] = []
  const { batches } = recordsOf({ name: 'a.csv', sealed: true, bytes: chunks }, { delimiter: ',' })
  for await (const batch of batches)
    for (const { line, texts, problem } of batch) {
      found.push(problem === undefined ? { line, texts } : { line, texts, problem })
    }
  return found
}
