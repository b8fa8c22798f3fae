import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { delimiterOf } from '../../files/csv-records.js'
import { readDocument } from '../../targets/yaml-document.js'
import { about, readOrRefused, withoutPlaces, write, type Read, type Told } from './reading.js'

/** How many damaged files are tried: the suite tries few of them, `DAMAGED=20000` many. */
const TRIES = Number(process.env['DAMAGED'] ?? 2000)

type FormatName = 'yaml' | 'csv' | 'xlsx'

const IDS = ['0123456', '1e3', '0x1F', '１２３', 'AB-12', '99999999999999999999', '123456']
const entries: readonly Told[] = Array.from({ length: 12 }, (_, index) => [
  `${IDS[index % IDS.length] ?? ''}${index < IDS.length ? '' : 'b'}`,
  [null, '導入予定', '=1+1', 'it\'s "x", y', 'a\nb', '# c'][index % 6] ?? null,
])

/** What is put somewhere into a text. */
const junk = fc.constantFrom(
  ...[
    '&a ',
    '*a',
    '!!str ',
    '<<: *a',
    '[[[[[[[[[[[[',
    '{a: {b: {c: ',
    '- - - - ',
    '? ',
    '|',
    '>',
    '%YAML 1.1\n',
    '---\n',
    '...\n',
  ],
  ...[
    'medical_id: 1\n',
    '    medical_id: 2\n',
    '  - medical_id: 3\n',
    'sync_targets:\n',
    'note: x\n',
    '\t',
    '\0',
    '\u0001',
    '\u007f',
    '\r',
  ],
  ...[
    '"',
    "'",
    '""',
    ',',
    ',,,,',
    ';',
    '\n',
    '\r\n',
    ': ',
    ' #',
    '\\',
    '="0123"',
    '=cmd|x',
    '\ufeff',
    '\ud800',
    '1e999',
    '9'.repeat(400),
  ],
  ...[
    '[',
    ']',
    '{',
    '}',
    'あ',
    '𠮷',
    '０',
    '\u2028',
    '\x1b$B',
    '<',
    '&amp;',
    '&#x0;',
    ']]>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
  ],
)

/** Bytes of other encodings: CP932, a part of a character of UTF-8, marks of UTF-16. */
const foreign = fc.constantFrom(
  '93b193fc975c92e8',
  '8140',
  'e5b0',
  'fffe',
  'feff',
  'ff',
  '80',
  'b1',
  'c3a9',
  '1b2442',
)

type Damage =
  | { readonly kind: 'cut' | 'drop' | 'flip'; readonly at: number; readonly value: number }
  | { readonly kind: 'insert' | 'insertBytes'; readonly at: number; readonly text: string }
  | { readonly kind: 'repeat'; readonly at: number; readonly value: number }

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('cut', 'drop', 'flip'),
    at: share,
    value: fc.integer({ min: 0, max: 255 }),
  }),
  fc.record({ kind: fc.constant('insert'), at: share, text: junk }),
  fc.record({ kind: fc.constant('insertBytes'), at: share, text: foreign }),
  fc.record({ kind: fc.constant('repeat'), at: share, value: fc.integer({ min: 1, max: 60 }) }),
)

function damaged(bytes: Buffer, one: Damage): Buffer {
  const at = Math.floor(one.at * bytes.length)
  const [before, behind] = [bytes.subarray(0, at), bytes.subarray(at)]
  switch (one.kind) {
    case 'cut':
      return before
    case 'drop':
      return Buffer.concat([before, behind.subarray(1 + (one.value % 8))])
    case 'flip':
      return Buffer.concat([before, Buffer.from([one.value]), behind.subarray(1)])
    case 'insert':
      return Buffer.concat([before, Buffer.from(one.text), behind])
    case 'insertBytes':
      return Buffer.concat([before, Buffer.from(one.text, 'hex'), behind])
    case 'repeat':
      return Buffer.concat([before, behind.subarray(0, one.value), behind])
  }
}

/** The text of the bytes, by what the reading said of them. */
function textOf(bytes: Buffer, { remarks }: Read): string {
  return new TextDecoder(remarks.includes('encoding') ? 'shift_jis' : 'utf-8', { fatal: true }).decode(bytes)
}

/** What was read is what others read in the same text. */
const EXACT: Readonly<Record<FormatName, (bytes: Buffer, found: Read) => void>> = {
  yaml: (bytes, found) => {
    const { entries: all } = readDocument(textOf(bytes, found), about('yaml'))
    deepEqual(
      withoutPlaces(found),
      all.map(({ entry: { key, note } }) => [key.join('¦'), note]),
    )
  },
  csv: (bytes, found) => {
    const text = textOf(bytes, found)
    const records = parse(text, {
      delimiter: delimiterOf(text.replace(/^[\r\n]+/u, '')),
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_records_with_empty_values: true,
    })
    ok(holds(records, found), JSON.stringify([records, found]))
  },
  xlsx: (_, found) => {
    deepEqual(withoutPlaces(found), entries)
  },
}

/** Whether every entry is the record at its place, behind the headers if there are any. */
function holds(records: readonly (readonly string[])[], { entries: found, remarks }: Read): boolean {
  const behind = records.length - found.length
  if (behind < 0 || behind > 1) return false
  return found.every(([id, note], index) => {
    const cells = records[index + behind] ?? []
    const has = (value: string): boolean => cells.some((cell) => cell === value || cell === `'${value}`)
    const unread =
      note === null &&
      (remarks.includes('columns') || cells.length === 1 || cells.length < (records[0] ?? []).length)
    return (
      cells.some((cell) => cell.trim() === id || cell.replace(/^'/u, '').trim() === id) &&
      (unread || has(note ?? ''))
    )
  })
}

/** Lists as people and spreadsheets write them; two are in CP932. */
const OTHERS: Readonly<Record<FormatName, readonly Buffer[]>> = {
  yaml: [
    Buffer.from(
      '# 対象\nsync_targets:\n  - medical_id: 0123456 # a\n    note: 導入予定\n\n  - medical_id: 1e3\n  - id: AB-12\n    note: |\n      a\n',
    ),
    Buffer.from('sync_targets: [{medical_id: 0123456, note: 導入予定}, {"medical_id": "1e3"}]\n'),
    Buffer.from(`${hex('sync_targets:\n  - medical_id: 0123456\n    note: ')}93b193fc975c92e80a`, 'hex'),
  ],
  csv: [
    Buffer.from('医療機関コード,備考\n0123456,導入予定\n１２３,\n1e3,"a\nb"\n'),
    Buffer.from('0123456\t導入予定\r\n0x1F\r\n'),
    Buffer.from('88e397c38b408ad68352815b83682c94f58d6c0d0a303132333435362c93b193fc975c92e80d0a', 'hex'),
  ],
  xlsx: [],
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}

describe('a damaged list', () => {
  for (const format of ['yaml', 'csv', 'xlsx'] as const) {
    it(`is read exactly, or refused with its place, as ${format}`, async () => {
      const lists = fc.constantFrom(await write(format, entries), ...OTHERS[format])
      let refused = 0
      await fc.assert(
        fc.asyncProperty(lists, fc.array(damage, { minLength: 1, maxLength: 3 }), async (whole, damages) => {
          const bytes = damages.reduce(damaged, whole)
          const found = await readOrRefused(format, bytes)
          if (!(found instanceof SyncError)) {
            EXACT[format](bytes, found)
            return
          }
          refused++
          equal(found.code, 'LIST_INVALID')
          match(found.message, /^ids\.(?:yaml|csv|xlsx):[1-9]\d*:[1-9]\d* ./u)
        }),
        { numRuns: Math.ceil(TRIES / 3) },
      )
      ok(refused > TRIES / 20, `${refused} refused`)
    })
  }

  it('in UTF-8 is not taken for one in CP932', async () => {
    const whole = Buffer.from(`id,備考\n${'0123,導入予定\n１２３,ｱｲｳの病院\n'.repeat(3)}`)
    await fc.assert(
      fc.asyncProperty(fc.array(damage, { minLength: 1, maxLength: 2 }), async (damages) => {
        const bytes = damages.map((one) => ({ ...one, at: 0.3 + one.at * 0.7 })).reduce(damaged, whole)
        const found = await readOrRefused('csv', bytes)
        if (!(found instanceof SyncError)) deepEqual(found.remarks.includes('encoding'), false)
      }),
      { numRuns: Math.ceil(TRIES / 5) },
    )
  })
})
