import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import { SyncError } from '../../core/errors.js'
import { readFeed } from '../../feeds/read-feed.js'
import { zipped } from '../../targets/zip.js'
import { tempDir } from '../support/temp-dir.js'
import { HEADERS, institution, published } from './forms.js'
import { read, refusal } from './reading.js'

const hospitals = published(HEADERS.hospital, institution('hospital'))
const pharmacies = published(HEADERS.pharmacy, institution('pharmacy', { ID: '1355130000010' }))

/** The place of a number in the directory of a zip of one part. */
function directoryOf(zip: Buffer): number {
  return zip.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
}

describe('a packed file', () => {
  it('is read as what it packs: gz, zip, .csv.zip, with the date of its name', async () => {
    const zip = await zipped({ '01-1_hospital_facility_info_20260601.csv': hospitals })
    for (const [name, bytes] of [
      ['01-1_hospital_facility_info_20260601.csv.gz', gzipSync(hospitals)],
      ['01-1_hospital_facility_info_20251201.zip', zip],
      ['01-1_hospital_facility_info_20260601.csv.zip', zip],
    ] as const) {
      const { rows, told, summary } = await read({ [name]: bytes })
      deepEqual([rows.length, told], [1, []])
      equal(summary.files[0]?.asOf, name.includes('20251201') ? '2025-12-01' : '2026-06-01')
    }
  })

  it('may be a zip of several, with what is no CSV passed over and named', async () => {
    const { rows, told, summary } = await read({
      'all.zip': await zipped({
        '病院/01-1.csv': hospitals,
        '__MACOSX/01-1.csv': 'x',
        'readme.txt': 'x',
        '05.csv': pharmacies,
      }),
    })
    deepEqual(
      rows.map(({ scope }) => scope),
      ['13-1', '13-5'],
    )
    deepEqual(
      summary.files.map(({ file }) => file),
      ['all.zip/病院/01-1.csv', 'all.zip/05.csv'],
    )
    deepEqual(told, ['FILE_DECLINED 0 -: -'])
  })

  it('may be a gzip of several members', async () => {
    const half = Math.floor(hospitals.length / 2)
    const bytes = Buffer.concat([gzipSync(hospitals.slice(0, half)), gzipSync(hospitals.slice(half))])
    equal((await read({ 'a.gz': bytes })).rows.length, 1)
  })

  it('that is cut anywhere is refused, or has all of its rows', async () => {
    const whole = published(
      HEADERS.dental,
      ...Array.from({ length: 200 }, (_, number) => institution('dental', { ID: `13${number + 1e8}` })),
    )
    for (const [name, bytes] of [
      ['a.gz', gzipSync(whole)],
      ['a.zip', await zipped({ 'a.csv': whole })],
    ] as const) {
      for (let length = 0; length < bytes.length; length += 97)
        match(await refusal({ [name]: bytes.subarray(0, length) }), /^IMPORT_INVALID a\.(?:gz|zip)/u)
    }
  })

  it('that is damaged anywhere is refused', async () => {
    const zip = await zipped({ 'a.csv': hospitals })
    const data = zip.indexOf(deflateRawSync(Buffer.from(hospitals)).subarray(0, 20))
    for (let at = data; at < directoryOf(zip); at += 13) {
      const damaged = Buffer.from(zip)
      damaged.writeUInt8(damaged.readUInt8(at) ^ 0x10, at)
      match(await refusal({ 'a.zip': damaged }), /^IMPORT_INVALID a\.zip\/a\.csv (?:is damaged|unpacks)/u)
    }
    const gz = gzipSync(hospitals)
    gz.writeUInt32LE(1, gz.length - 4)
    match(await refusal({ 'a.gz': gz }), /^IMPORT_INVALID a\.gz is damaged/u)
  })

  const REFUSED: readonly (readonly [string, string, () => Buffer | Promise<Buffer>, RegExp])[] = [
    [
      'a gzip with something behind it',
      'a.gz',
      () => Buffer.concat([gzipSync(hospitals), Buffer.from('x')]),
      /a\.gz is (?:cut|damaged)/u,
    ],
    ['no gzip', 'a.gz', () => Buffer.from(hospitals), /a\.gz is no gz, whatever its name says/u],
    ['no zip', 'a.csv.zip', () => Buffer.from('<html>'), /a\.csv\.zip is no zip, whatever/u],
    ['an empty zip', 'a.zip', () => zipped({}), /a\.zip holds no CSV/u],
    ['a workbook', 'a.xlsx', () => zipped({ '[Content_Types].xml': '' }), /a\.xlsx is a workbook/u],
    ['an old workbook', 'a.csv', () => Buffer.from('d0cf11e0a1b11ae1', 'hex'), /a\.csv is a workbook/u],
    [
      'a zip within a zip',
      'a.zip',
      () => zipped({ 'b.zip': 'x' }),
      /a\.zip\/b\.zip is an archive .*within a zip/u,
    ],
    [
      'a zip within a zip under another name',
      'a.zip',
      () => zipped({ 'b.csv': 'PK\x03\x04xx' }),
      /a\.zip\/b\.csv is an archive/u,
    ],
    ['a gzip of a gzip', 'a.gz', () => gzipSync(gzipSync(hospitals)), /a\.gz is an archive/u],
    ['a gzip of nothing', 'a.gz', () => gzipSync(''), /a\.gz is empty/u],
    ['an empty file', 'a.csv', () => Buffer.alloc(0), /a\.csv is empty/u],
    [
      'a bomb',
      'a.gz',
      () => gzipSync(`${hospitals}${'\n'.repeat(40_000_000)}`),
      /a\.gz unpacks to more than 200 times its size/u,
    ],
    [
      'a zip that says it is a bomb',
      'a.zip',
      () => zipped({ 'a.csv': '1\n'.repeat(20_000_000) }),
      /a\.zip\/a\.csv says that it unpacks to more than 200 times its size/u,
    ],
    [
      'a zip that hides that it is a bomb',
      'a.zip',
      async () => {
        const zip = await zipped({ 'a.csv': '1\n'.repeat(20_000_000) })
        zip.writeUInt32LE(1000, directoryOf(zip) + 24)
        return zip
      },
      /a\.zip\/a\.csv unpacks to more than its zip says/u,
    ],
    [
      'a claim of 3 GB',
      'a.zip',
      async () => {
        const zip = await zipped({ 'a.csv': hospitals })
        zip.writeUInt32LE(3_000_000_000, directoryOf(zip) + 24)
        return zip
      },
      /says that it unpacks to more than 2000000000 bytes/u,
    ],
    [
      'a claim of 10 GB, in the larger form of zip',
      'a.zip',
      async () => {
        const zip = await zipped({ 'a.csv': hospitals })
        zip.writeUInt32LE(0xffffffff, directoryOf(zip) + 24)
        return zip
      },
      /says that it unpacks to more than 2000000000 bytes/u,
    ],
    [
      'parts that lie over one another',
      'a.zip',
      async () => {
        const zip = await zipped({ 'a.csv': hospitals, 'b.csv': hospitals })
        zip.writeUInt32LE(0, directoryOf(zip) + 42)
        return zip
      },
      /a\.zip has parts that lie over one another/u,
    ],
    [
      'a part under a password',
      'a.zip',
      async () => {
        const zip = await zipped({ 'a.csv': hospitals })
        zip.writeUInt16LE(1, directoryOf(zip) + 8)
        return zip
      },
      /a\.zip\/a\.csv is encrypted/u,
    ],
    [
      'a thousand parts and one',
      'a.zip',
      () => zipped(Object.fromEntries(Array.from({ length: 1001 }, (_, number) => [`${number}.csv`, 'x']))),
      /a\.zip holds more than 1000 parts/u,
    ],
  ]
  for (const [what, name, bytes, expected] of REFUSED) {
    it(`is refused: ${what}`, async () => {
      const found = await refusal({ [name]: await bytes() })
      match(found, /^IMPORT_INVALID /u)
      match(found, expected)
    })
  }

  it('has names of parts as Japanese Windows writes them', async () => {
    const zip = await zipped({ 'xxxx.csv': hospitals })
    // 病院, in CP932.
    const name = Buffer.from('95618940', 'hex')
    name.copy(zip, 30)
    name.copy(zip, directoryOf(zip) + 46)
    equal((await read({ 'a.zip': zip })).summary.files[0]?.file, 'a.zip/病院.csv')
  })
})

describe('a file on the disk', () => {
  it('that is not there, or is a folder, is named', async () => {
    const folder = await tempDir()
    try {
      for (const name of ['missing.csv', '.']) {
        const found = await readFeed([{ name, path: join(folder.path, name) }], {}).catch(
          (error: unknown) => error,
        )
        equal(found instanceof SyncError && found.code, 'IMPORT_UNREADABLE', name)
      }
    } finally {
      await folder.remove()
    }
  })

  it('that changes while it is read is refused', async () => {
    const folder = await tempDir()
    try {
      const path = join(folder.path, 'a.csv')
      await writeFile(path, hospitals)
      const files = [{ name: 'a.csv', path }]
      const changed = { code: 'IMPORT_UNREADABLE', message: /^a\.csv changed while it was read/u }
      const date = new Date('2026-06-01')
      // Longer; and as long, with its times put back.
      for (const text of [`${hospitals}\n`, hospitals.replace('架空', '仮空')]) {
        await writeFile(path, hospitals)
        await utimes(path, date, date)
        const { rows } = await readFeed(files, {})
        await writeFile(path, text)
        await utimes(path, date, date)
        await rejects(async () => {
          for await (const _ of rows);
        }, changed)
      }
    } finally {
      await folder.remove()
    }
  })
})
