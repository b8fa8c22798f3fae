import fc from 'fast-check'

/** What stands behind a name; the first ones are as people write them. */
const good = fc.constantFrom(
  ...[
    '123456',
    '0123456',
    '1e3',
    '0x1F',
    '１２３',
    'AB-12',
    'null',
    '~',
    '"123"',
    "'0123'",
    '""',
    "'it''s'",
    '導入予定',
  ],
  ...[
    '"a" # c',
    'a #b',
    'a# b',
    'a:b',
    "'あ\"い'",
    '"a\\u3042\\x41\\n\\t\\\\\\"b"',
    '𠮷',
    '=1+1',
    'a   ',
    '"\\/\\ "',
  ],
)
const odd = fc.constantFrom(
  ...[
    'true',
    '2024-01-01',
    "''",
    'a: b',
    'a:',
    '-1',
    '- 1',
    '?a',
    ':a',
    '"open',
    "'open",
    '"a"# c',
    '"a" b',
    '|',
    '>-',
    '|+',
  ],
  ...[
    '&a b',
    '*a',
    '!t b',
    '{a: b}',
    '[a, b]',
    '"\\q"',
    '"\\U0001F600"',
    '"\\ud83d\\ude00"',
    'a\tb',
    '\ta',
    ' ',
    '# c',
    '%a',
  ],
  ...[
    '@a',
    '`a',
    '"a\\',
    '"\\x4"',
    'あ #い',
    '--- a',
    '...',
    '\ufeffa',
    '"\\ufeff"',
    'a\u2028b',
    '.inf',
    '<<',
    '"\\0"',
    '"\\ud83d"',
  ],
)
const any = fc.string({
  unit: fc.constantFrom('a', '1', ' ', ':', '#', '-', '"', "'", '\\', ',', '[', '}', '&', '|', '?', 'あ'),
  maxLength: 8,
})
const scalar = fc.oneof(
  { weight: 12, arbitrary: good },
  { weight: 2, arbitrary: odd },
  { weight: 1, arbitrary: any },
)

const name = fc.constantFrom(
  'medical_id',
  'medical_id',
  'note',
  'note',
  'id',
  'other',
  '"note"',
  'note ',
  '? note',
  '<<',
)
const colon = fc.constantFrom(': ', ': ', ':  ', ':', ' : ', ':\t')

const pair = fc.tuple(name, colon, scalar).map((parts) => parts.join(''))
const fields = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.tuple(good, scalar).map(([id, note]) => [`medical_id: ${id}`, `note: ${note}`]),
  },
  { weight: 3, arbitrary: scalar.map((id) => [`medical_id: ${id}`]) },
  { weight: 2, arbitrary: fc.tuple(good, scalar).map(([id, note]) => [`note: ${note}`, `id:  ${id}`]) },
  { weight: 1, arbitrary: fc.array(pair, { minLength: 1, maxLength: 3 }) },
)
const between = fc.oneof(
  { weight: 30, arbitrary: fc.constant('') },
  { weight: 5, arbitrary: fc.constantFrom('\n', '# c\n', '    # c\n', '   \n', '          # c\n') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('\t\n', '      more\n', '  more\n', '        - x\n', '        more\n'),
  },
)
const entry = fc.tuple(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant('- ') },
    { weight: 2, arbitrary: fc.constantFrom('-  ', '-', '-\n    ') },
  ),
  fields,
  between,
  fc.oneof({ weight: 30, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(1, -1) }),
)

function usually(most: string, others: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(most) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  )
}

/** Texts that are lists in YAML, or nearly. */
export const yamlTexts: fc.Arbitrary<string> = fc
  .tuple(
    usually('', ['# c\n', '---\n', '--- # c\n', '%YAML 1.2\n---\n', '\n\n', 'other: 1\n']),
    usually('sync_targets:\n', [
      ...[
        'sync_targets: # c\n',
        'sync_targets:   \n\n# c\n',
        '"sync_targets":\n',
        'sync_targets: \n  # c\n',
        '',
      ],
      ...['sync_targets: []\n', 'sync_targets: [{medical_id: 1, note: a}]\n'],
    ]),
    fc.constantFrom(0, 2, 2, 2, 4),
    fc.array(entry, { maxLength: 4 }),
    usually('', ['...\n', '---\n', 'x: y\n', '# end\n', ' x\n', '...\n# c\n', '...\nx\n']),
    usually('\n', ['\r\n']),
    fc.boolean(),
  )
  .map(([start, head, dash, entries, tail, end, closed]) => {
    const body = entries.map(([mark, texts, behind, shift]) =>
      texts
        .map((text, index) => {
          const indent = index === 0 ? dash : dash + (mark.includes('\n') ? 4 - dash : mark.length) + shift
          return `${' '.repeat(Math.max(0, indent))}${index === 0 ? mark : ''}${text}\n${behind}`
        })
        .join(''),
    )
    const text = `${start}${head}${body.join('')}${tail}`.replaceAll('\n', end)
    return closed ? text : text.slice(0, text.length - (text.endsWith(end) ? end.length : 0))
  })
