/** A type of PostgreSQL with values that are easily lost on the way. Values are what its input function reads. */
export interface TypeCase {
  readonly type: string
  readonly values: readonly string[]
  /** The smallest changes there are: from one value to another that is easily taken for the same. */
  readonly changes: readonly (readonly [string | null, string | null])[]
}

const HUGE = `${'9'.repeat(1000)}.${'1'.repeat(1000)}`

const NUMBERS: readonly TypeCase[] = [
  { type: 'smallint', values: ['-32768', '32767', '0'], changes: [['1', '-1']] },
  {
    type: 'integer',
    values: ['-2147483648', '2147483647'],
    changes: [
      ['1', '2'],
      [null, '0'],
    ],
  },
  {
    type: 'bigint',
    values: ['-9223372036854775808', '9223372036854775807', '9007199254740993'],
    changes: [
      ['1', '4294967296'],
      ['-1', '4294967295'],
      ['9007199254740992', '9007199254740993'],
    ],
  },
  {
    type: 'real',
    values: ['NaN', 'Infinity', '-Infinity', '3.4028235e38', '1e-45', '1.17549435e-38', '0.1', '-0'],
    changes: [
      ['-0', '0'],
      ['0.1', '0.10000001'],
    ],
  },
  {
    type: 'double precision',
    values: ['NaN', 'Infinity', '-Infinity', '1.7976931348623157e308', '5e-324', '-0', '0.1', '1e22'],
    changes: [
      ['-0', '0'],
      ['0.3', '0.30000000000000004'],
      ['NaN', null],
    ],
  },
  {
    type: 'numeric',
    values: ['NaN', 'Infinity', '-Infinity', HUGE, '1e-300', '-0.000', '1e100', '0.10'],
    changes: [
      ['1.0', '1.00'],
      ['0', '0.0'],
      [HUGE, `${HUGE}1`],
    ],
  },
  { type: 'numeric(12,3)', values: ['999999999.999', '-0.001', 'NaN'], changes: [['1.001', '1.002']] },
  { type: 'money', values: ['-92233720368547758.08', '12.34', '0'], changes: [['12.34', '12.35']] },
]

/** No BMP, no fixed width, no single form: が is one character or two. */
const TEXTS = [
  '',
  ' ',
  '　',
  'a\r\nb\n\nc\td\u0007',
  '\\',
  '\\.',
  'x\n\\.\ny',
  '\\N',
  'NULL',
  `'single' "double" $1 %s {a,b}`,
  '外字\ue000\uf8ff',
  '𠮷野家👨‍👩‍👧',
  'が',
  'か\u3099',
  '\u202e\ufeffABC\u200b',
  '医療法人社団\\\n'.repeat(60_000),
]

const TEXT_TYPES: readonly TypeCase[] = [
  {
    type: 'text',
    values: TEXTS,
    changes: [
      [null, ''],
      ['', null],
      ['が', 'か\u3099'],
      ['a', 'a '],
      ['a', 'a　'],
      ['a\n', 'a\r\n'],
      ['a', 'A'],
      ['ア', 'ｱ'],
      ['髙', '高'],
      ['x', 'x\u200b'],
    ],
  },
  { type: 'varchar', values: TEXTS.slice(0, 15), changes: [['', ' ']] },
  { type: 'varchar(10)', values: ['', '医療法人社団一二三四', 'abc       '], changes: [['abc', 'abc ']] },
  {
    type: 'char(10)',
    values: ['', '医療法人', '  a'],
    changes: [
      ['a', ' a'],
      [null, ''],
    ],
  },
  { type: 'bpchar', values: ['', 'a', 'a  '], changes: [['a', 'a ']] },
  { type: '"char"', values: ['', 'a', '\\'], changes: [['a', 'A']] },
  { type: 'name', values: ['', 'a'.repeat(63), '医療'], changes: [['a', 'a ']] },
  { type: 'text collate "und-x-icu"', values: ['ä', 'Ä'], changes: [['a', 'A']] },
  {
    type: 'text collate "any_case"',
    values: ['ä', 'Ä'],
    changes: [
      ['a', 'A'],
      ['ア', 'ｱ'],
    ],
  },
  {
    type: 'bytea',
    values: ['\\x', '\\x00ff5c0a27', '\\xdeadbeef'],
    changes: [
      ['\\x', '\\x00'],
      ['\\x5c', '\\x2f'],
    ],
  },
]

const TIMES: readonly TypeCase[] = [
  {
    type: 'boolean',
    values: ['t', 'f'],
    changes: [
      ['t', 'f'],
      [null, 'f'],
    ],
  },
  {
    type: 'date',
    values: ['4713-01-01 BC', '0001-12-31 BC', 'infinity', '-infinity', '5874897-12-31', '2026-02-28'],
    changes: [
      ['0001-01-01', '0001-01-01 BC'],
      ['2026-02-28', '2026-03-01'],
    ],
  },
  {
    type: 'time',
    values: ['00:00', '24:00', '23:59:59.999999'],
    changes: [
      ['00:00', '24:00'],
      ['01:00', '01:00:00.000001'],
    ],
  },
  { type: 'time(3)', values: ['12:34:56.789'], changes: [['12:00', '12:00:00.001']] },
  {
    type: 'timetz',
    values: ['09:00+09', '00:00:00.000001-15:59:59', '24:00+00'],
    changes: [['09:00+09', '00:00+00']],
  },
  {
    type: 'timestamp',
    values: [
      '4713-01-01 00:00 BC',
      '294276-12-31 23:59:59.999999',
      'infinity',
      '-infinity',
      '0044-03-15 12:00 BC',
    ],
    changes: [['2026-11-23 09:00', '2026-11-23 09:00:00.000001']],
  },
  {
    type: 'timestamptz',
    values: [
      '4713-01-02 00:00+00 BC',
      '294276-12-31 23:59:59.999999+00',
      'infinity',
      '1887-12-31 23:59:59+09:18:59',
    ],
    changes: [
      ['2026-11-23 09:00:00.123456+09', '2026-11-23 09:00:00.123457+09'],
      ['2026-11-23 09:00+09', '2026-11-23 09:00+00'],
    ],
  },
  {
    type: 'interval',
    values: [
      '1 year 2 mons -3 days -04:05:06.000007',
      '-178000000 years',
      '30 days',
      'infinity',
      '-1 mon +1 day',
    ],
    changes: [
      ['1 day', '24:00:00'],
      ['30 days', '1 mon'],
      ['-1 mon +30 days', '0'],
    ],
  },
  { type: 'interval day to second(3)', values: ['2 days 00:00:00.125'], changes: [['0.001 s', '0.002 s']] },
]

export const PLAIN: readonly TypeCase[] = [...NUMBERS, ...TEXT_TYPES, ...TIMES]
