import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { SyncError } from '../../core/errors.js'
import { remedyInJapanese } from '../../core/remedies.ja.js'
import { about, FORMATS, read, readOrRefused, write } from './reading.js'

/** `医療機関コード,備考` and `0123456,導入予定`, as a Japanese spreadsheet saves them. */
const CP932 = Buffer.from(
  '88e397c38b408ad68352815b83682c94f58d6c0d0a303132333435362c93b193fc975c92e80d0a',
  'hex',
)

describe('a list in CSV', () => {
  it('is read with headers in Japanese or English, whatever their width and case', async () => {
    for (const headers of [
      'medical_id,note',
      '医療機関コード,備考',
      'ＩＤ,メモ',
      '"Medical ID","Memo"',
      '医療機関コード（10桁）,摘要',
      '\ufeffcode,ノート',
    ]) {
      const { entries, remarks } = await read('csv', `${headers}\n0123456,導入予定\n1e3,\n`)
      deepEqual(
        entries,
        [
          ['0123456', '導入予定', '2:1'],
          ['1e3', null, '3:1'],
        ],
        headers,
      )
      deepEqual(remarks, [])
    }
  })

  it('is read without headers, which is said', async () => {
    deepEqual(await read('csv', '0123456,"a,b"\r\n１２３\r\n'), {
      entries: [
        ['0123456', 'a,b', '1:1'],
        ['１２３', null, '2:1'],
      ],
      remarks: ['headers'],
    })
  })

  it('may be separated by tabs, and have other columns, which are named', async () => {
    deepEqual(await read('csv', 'name\tid\tnote\nA,B\t012\tx, y\n\n\t\t\n'), {
      entries: [['012', 'x, y', '2:5']],
      remarks: ['columns'],
    })
  })

  it('may have columns without a name, which are told where they hold something', async () => {
    deepEqual((await read('csv', 'id,,\n1,,\n2,,\n')).remarks, [])
    deepEqual((await read('csv', 'id,,\n1,,\n2,,a\n')).remarks, ['columns'])
    deepEqual((await read('csv', '1,,a\n')).remarks, ['headers', 'columns'])
  })

  it('has the place of every id, behind texts of several lines too', async () => {
    deepEqual((await read('csv', 'note,id\n"a\r\nb",1\n"c""\n",  2\n', { size: 3 })).entries, [
      ['1', 'a\r\nb', '2:4'],
      ['2', 'c"\n', '4:3'],
    ])
  })

  it('is read in CP932, which is said', async () => {
    deepEqual(await read('csv', CP932), { entries: [['0123456', '導入予定', '2:1']], remarks: ['encoding'] })
    deepEqual(await read('csv', CP932, { size: 1 }), await read('csv', CP932))
  })

  it('takes apostrophes off only where the header has one', async () => {
    deepEqual((await read('csv', "'id,'note\n'0123,'=1\n0456,''x\n")).entries, [
      ['0123', '=1', '2:1'],
      ['0456', "'x", '3:1'],
    ])
    deepEqual((await read('csv', "id,note\n'0123,'x\n")).entries, [["'0123", "'x", '2:1']])
  })

  it('is written so that a spreadsheet makes no formula, number or date of anything', async () => {
    const all = [
      ['0123456', '導入予定'],
      ['AB-12', '=1+1'],
      ['x', 'R6.4.1'],
      ['１２３', 'TRUE'],
      ["'a", '-'],
      ['y', 'say "hi", all'],
      ['z', null],
    ] as const
    equal(
      (await write('csv', all)).toString(),
      "\ufeff'medical_id,'note\r\n'0123456,導入予定\r\n'AB-12,'=1+1\r\nx,'R6.4.1\r\n'１２３,'TRUE\r\n''a,'-\r\ny,\"say \"\"hi\"\", all\"\r\nz,\r\n",
    )
  })

  const REFUSED: readonly (readonly [string | Buffer, RegExp])[] = [
    ['', /:1:1 is empty/u],
    ['\n\n', /:1:1 is empty/u],
    ['施設名\n0123\n', /:1:1 could be a header that is not known/u],
    ['施設名,備考\n0123,a\n', /:1:1 is a line of headers without medical_id/u],
    ['id,code,note\n1,2,a\n', /:1:4 is a second column that could be medical_id/u],
    ['id,備考,メモ\n1,2,a\n', /:1:7 is a second column that could be the note/u],
    ['id;note\n1;a\n', /:1:1 seems to be separated by semicolons/u],
    ['id,note\n1,a, b\n', /:2:5 is one value more than the first line has/u],
    ['id,note\n ,a\n', /:2:1 the entry has no medical_id/u],
    ['id,note\n1,a "b"\n', /:2:5 is a quote within a text/u],
    ['id,note\n1,="0123"\n', /:2:4 is a quote within a text/u],
    ['id,note\n1,"a\n2,b\n', /:2:3 is a quote that is not closed/u],
    ['id,note\n1,"a"b\n', /:2:6 is behind the closing quote/u],
    ['id,note\n1,a\0\n', /:2:4 is a NUL character/u],
    ['id\n\x1b$B1\n', /:2:1 is an escape of ISO-2022-JP/u],
    [Buffer.from('id\n1\n', 'utf16le'), /:1:2 is a NUL character/u],
    [Buffer.from('\ufeffid\n1\n', 'utf16le'), /:1:1 is UTF-16/u],
    [Buffer.from('id,備考\n1,導入予定\n2,予定').subarray(0, -1), /:3:4 is not UTF-8 here/u],
    [Buffer.concat([Buffer.from('\ufeff'), CP932]), /:1:1 is not UTF-8 here/u],
    [Buffer.concat([CP932, Buffer.from([0x81, 0x0a])]), /:3:1 is neither UTF-8 nor CP932/u],
  ]
  for (const [bytes, expected] of REFUSED) {
    it(`is refused with its place: ${JSON.stringify(bytes.toString('utf8'))}`, async () => {
      const found = await readOrRefused('csv', bytes)
      match(found instanceof SyncError ? `${found.code} ${found.message}` : JSON.stringify(found), expected)
    })
  }

  it('is refused with what to do about it, in Japanese as well', async () => {
    for (const [text, ja] of [
      ['施設名\n0123\n', /一行目の列名/u],
      ['id;note\n1;a\n', /カンマかタブ区切り/u],
      ['id,note\n1,a, b\n', /" で囲んで/u],
    ] as const) {
      const found = await readOrRefused('csv', Buffer.from(text))
      match((found instanceof SyncError && remedyInJapanese(found.remedy)) || '', ja)
    }
  })

  it('is refused where CP932 begins behind a megabyte of UTF-8', async () => {
    const start = `id,備考\n${'1,導入予定\n'.repeat(100_000)}`
    await rejects(read('csv', Buffer.concat([Buffer.from(start), CP932]), { size: 65_536 }), {
      message: /^ids\.csv:100002:1 is not UTF-8 here/u,
    })
  })

  it('is refused at a quoted text of 100 MB, and at 201 MB whatever it has', async () => {
    async function* bytes(first: string, chunk: string, count: number): AsyncGenerator<Uint8Array> {
      yield Buffer.from(first)
      const more = Buffer.from(chunk)
      for (let sent = 0; sent < count; sent++) yield await Promise.resolve(more)
    }
    const taken = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
      for await (const _ of FORMATS.csv.read(source, about('csv')).entries);
    }
    await rejects(taken(bytes('id,note\n1,"', 'abcdefg\n'.repeat(125_000), 100)), {
      code: 'LIST_INVALID',
      message: /^ids\.csv:2:3 is a quote that is not closed/u,
    })
    await rejects(taken(bytes('id\n', `${'1'.repeat(9_999)}\n`.repeat(100), 201)), {
      code: 'LIST_UNREADABLE',
    })
  })
})
