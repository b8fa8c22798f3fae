import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { SyncError } from '../../core/errors.js'
import { about, FORMATS, read, readOrRefused, write } from './reading.js'

async function refusal(text: string): Promise<string> {
  const found = await readOrRefused('yaml', text)
  return found instanceof SyncError ? found.message : JSON.stringify(found.entries)
}

async function taken(entries: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of entries);
}

const list = (...lines: readonly string[]): string => ['sync_targets:', ...lines, ''].join('\n')

describe('a list in YAML', () => {
  it('is read as people write it, with the place of every id', async () => {
    const text =
      '# 対象\nsync_targets:\n  - medical_id: 123456\n    note: "導入予定"\n\n  - medical_id: 0123457 # 新宿\n'
    deepEqual((await read('yaml', text)).entries, [
      ['123456', '導入予定', '3:17'],
      ['0123457', null, '6:17'],
    ])
  })

  it('has ids exactly as they stand, whatever YAML would make of them', async () => {
    const ids = [
      '0123456',
      '1e3',
      '0x1F',
      '１２３',
      'AB-12',
      'null',
      '~',
      'true',
      '2024-01-01',
      '99999999999999999999',
      '.inf',
    ]
    const { entries } = await read('yaml', list(...ids.map((id) => `- medical_id: ${id}`)))
    deepEqual(
      entries.map(([id]) => id),
      ids,
    )
  })

  it('may have any form that YAML has for it', async () => {
    const text = 'sync_targets: [{medical_id: 0123, note: a}, {"id": "1e3"}]'
    deepEqual((await read('yaml', text)).entries, [
      ['0123', 'a', '1:29'],
      ['1e3', null, '1:52'],
    ])
    const folded = list(
      '- medical_id: 1',
      '  note: |',
      '    a',
      '    b',
      '- note: >-',
      '    a',
      '    b',
      '  medical_id: 2',
    )
    deepEqual((await read('yaml', folded)).entries, [
      ['1', 'a\nb\n', '2:15'],
      ['2', 'a b', '9:15'],
    ])
    for (const empty of [
      'sync_targets: []\n',
      'sync_targets:\n',
      'sync_targets:',
      '---\nsync_targets: # none\n...\n',
    ])
      deepEqual((await read('yaml', empty)).entries, [])
  })

  it('names the parts of an id by the columns of the key', async () => {
    const text = list('- no: 012', '  region: 東', '- {region: 0, no: 1}')
    deepEqual((await read('yaml', text, { columns: ['region', 'no'] })).entries, [
      ['東¦012', null, '3:11'],
      ['0¦1', null, '4:12'],
    ])
  })

  const REFUSED: readonly (readonly [string, RegExp])[] = [
    ['', /:1:1 has no sync_targets/u],
    ['targets:\n- 1\n', /:1:1 is a key that is not known/u],
    [list('- medical_id: 1', 'other: 2'), /:3:1 is a key that is not known/u],
    [list('- medical_id: 1', '  notes: a'), /:3:3 "notes" is not a known key/u],
    [list('- medical_id: 1', '  medical_id: 2'), /:3:3 "medical_id" is given twice/u],
    [list('- medical_id: 1', '  id: 2'), /:3:3 "id" is given twice/u],
    [list('- medical_id:', '  note: a'), /:2:14 the entry has no medical_id/u],
    [list('- note: a'), /:2:\d an entry without|:2:\d is an entry without medical_id/u],
    [list('- 123456'), /:2:3 is no entry/u],
    [list('- medical_id: &a 1', '- medical_id: *a'), /:2:15 is an anchor/u],
    [list('- medical_id: !!str 1'), /:2:15 is a tag/u],
    [list('- medical_id: 1', '---', 'a: 1'), /:3:1 begins a second document/u],
    ['%YAML 1.1\n---\nsync_targets: []\n', /:1:1 is a directive/u],
    [list('- medical_id: |', '    1'), /:2:15 is an id of several lines/u],
    [list('- medical_id: 1', '    2'), /:2:15 is an id of several lines/u],
    [list('- medical_id: [1]'), /:2:15 is no text/u],
    [list('- medical_id: "1'), /:\d+:\d+ Missing closing "quote/u],
    [list('- medical_id: 1', '\t note: a'), /:3:1 is indented by a tab/u],
    [list('- medical_id: 1\u0001'), /:2:16 is a control character \(U\+0001\)/u],
    [list('- medical_id: "\\ud83d"'), /:2:15 has an id that holds half a character/u],
    [list('- medical_id: 1', '  note: "\\0"'), /:2:15 has a note that holds a NUL/u],
    [`sync_targets: ${'['.repeat(100_000)}`, /:1:23 is nested too deeply/u],
    [list(`- medical_id: ${'[{a: '.repeat(50_000)}`), /:2:\d+ is nested too deeply/u],
    [list('- '.repeat(100_000)), /:2:3 is a list within a list/u],
    [list(`- medical_id: ${'1'.repeat(1_000_001)}`), /:2:15 has an id of more than 1000000 characters/u],
  ]
  for (const [text, expected] of REFUSED) {
    it(`is refused with its place: ${JSON.stringify(text.slice(0, 60))}`, async () => {
      match(await refusal(text), expected)
    })
  }

  it('is refused at a line of 100 MB, without holding it', async () => {
    async function* bytes(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('sync_targets:\n  - medical_id: ')
      for (let sent = 0; sent < 100; sent++) yield await Promise.resolve(Buffer.alloc(1_000_000, '1'))
    }
    const { entries } = FORMATS.yaml.read(bytes(), about('yaml'))
    await rejects(taken(entries), {
      code: 'LIST_INVALID',
      message: /^ids\.yaml:2:1 has a line of more than/u,
    })
  })

  it('keeps comments, order and form when it is edited', async () => {
    const before =
      "# owner: sales\nsync_targets: # see the wiki\n  # Tokyo\n  - medical_id: 0123457   # as typed\n    note: 'a'\n\n" +
      '  # Osaka\n  - {medical_id: 7, note: b} # flow\n  - note: >-\n      long\n      text\n    medical_id: 8\n  - medical_id: 9\n# the end\n'
    const wanted = [
      ['0123457', 'new "note"'],
      ['8', 'c'],
      ['012', '=1'],
      ['9', 'd'],
      ['55', null],
    ] as const
    equal(
      (await write('yaml', wanted, { before })).toString(),
      '# owner: sales\nsync_targets: # see the wiki\n  # Tokyo\n  - medical_id: 0123457   # as typed\n    note: "new \\"note\\""\n\n' +
        '  # Osaka\n  - note: "c"\n    medical_id: 8\n  - medical_id: 9\n    note: "d"\n# the end\n' +
        '  - medical_id: "012"\n    note: "=1"\n  - medical_id: 55\n',
    )
  })

  it('keeps the ends of its lines, and what it is in another form', async () => {
    equal(
      (
        await write(
          'yaml',
          [
            ['1', null],
            ['2', null],
          ],
          { before: 'sync_targets:\r\n- medical_id: 1' },
        )
      ).toString(),
      'sync_targets:\r\n- medical_id: 1\r\n- medical_id: 2\r\n',
    )
    equal(
      (await write('yaml', [['01', 'a']], { before: '# none yet\nsync_targets: []\n' })).toString(),
      '# none yet\nsync_targets:\n  - medical_id: "01"\n    note: "a"\n',
    )
    equal((await write('yaml', [])).toString(), 'sync_targets: []\n')
  })

  it('is not written over where it cannot be read', async () => {
    await rejects(write('yaml', [['1', null]], { before: list('- medical_id: [') }), { code: 'LIST_INVALID' })
  })
})
