/** A kind of key, and of a list that names it. */
export interface KeyCase {
  readonly name: string
  readonly title: string
  /** The type of each key column. */
  readonly types: readonly string[]
  readonly keys: readonly (readonly string[])[]
  /** Creates the list; its columns must take the keys. By default a table in the types of the key. */
  readonly list?: { readonly sql: string; readonly columns: readonly string[] }
  /** What stands in the list beside the keys and names no row; ids that are values of its columns. */
  readonly strangers?: readonly (readonly (string | null)[])[]
  /** Before the tables, in both databases. */
  readonly prepare?: string
  /** After set-up, in the cloud. */
  readonly alter?: string
}

export const single = (values: readonly (string | number)[]): readonly (readonly string[])[] =>
  values.map((value) => [String(value)])
export const upTo = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1)
export const codes = upTo(25).map((n) => `${'0'.repeat(n % 4)}${n * 7919}${'ABZabz'[n % 6] ?? ''}`)
export const uuids = upTo(25).map(
  (n) =>
    `${n.toString(16).padStart(2, '0').repeat(4)}-9c0b-4ef8-bb6d-6bb9bd380a${n.toString(16).padStart(2, '0')}`,
)

/** Orders of bytes, of UTF-16 and of languages all differ for these. */
export const MIXED = [
  'a',
  'B',
  'c',
  'Z',
  'ä',
  'z',
  '-a',
  'a-b',
  'ab',
  'が',
  'か',
  'カ',
  'ｶ',
  '高',
  '髙',
  '𠮷',
  '\uffee',
  '\ue000',
  'é',
  'e',
  'f',
  'É',
  '１',
  '1',
  '10',
  '2',
  '02',
  '_',
  '~',
  'ß',
  'ss',
  'ー',
  '々',
]

const TRICKY = [
  `O'Neil`,
  '"',
  '""',
  'a,b',
  ',',
  '\\',
  '\\\\',
  '\\.',
  '\\N',
  'NULL',
  'null',
  ' ',
  '  ',
  ' a',
  'a ',
  '　',
  'a　',
  '\t',
  'a\nb',
  'a\r\nb',
  '$1',
  '$$',
  '%',
  '%s',
  '%I',
  '{a}',
  '{',
  '}',
  '()',
  '(a,b)',
  '',
  '0',
  '00',
  '000',
  '?',
  ':id',
  '--',
  '/*',
  '; drop',
  '医療',
  '𠮷野家',
  `E'\\x41'`,
  '\u0001',
]

export const ANY_CASE = `create collation any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`

/** Of the keys those that `keys.test.ts` never takes off the list. */
export const stays = (_: unknown, index: number): boolean => index % 5 === 0

export const KEYS: readonly KeyCase[] = [
  {
    name: 'k_integer',
    title: 'integer',
    types: ['integer'],
    keys: single([...upTo(25), -5, 0, 2147483647, -2147483648]),
  },
  {
    name: 'k_bigint',
    title: 'bigint',
    types: ['bigint'],
    keys: single([
      ...upTo(25),
      '9007199254740993',
      '9007199254740992',
      '9223372036854775807',
      '-9223372036854775808',
      '4294967297',
    ]),
  },
  { name: 'k_uuid', title: 'uuid', types: ['uuid'], keys: single(uuids) },
  { name: 'k_varchar', title: 'varchar(20)', types: ['varchar(20)'], keys: single(codes) },
  {
    name: 'k_char',
    title: 'char(13)',
    types: ['char(13)'],
    keys: single([...codes, '   12', '1234567890123']),
  },
  {
    name: 'k_icu',
    title: 'text in the order of a language',
    types: ['text collate "und-x-icu"'],
    keys: single(MIXED),
    alter: `alter table orgs alter id1 type text collate "und-x-icu"`,
  },
  {
    name: 'k_any_case',
    title: 'text that is compared without case',
    types: ['text collate any_case'],
    keys: single([...codes, 'x', 'Y']),
    prepare: ANY_CASE,
    alter: 'alter table orgs alter id1 type text collate any_case',
  },
  {
    name: 'k_tricky',
    title: 'text with characters that mean something elsewhere',
    types: ['text'],
    keys: single(TRICKY),
  },
  {
    name: 'k_domain',
    title: 'a domain over varchar',
    types: ['code'],
    keys: single(codes),
    prepare: `create domain code as varchar(20) check (value <> '')`,
  },
  {
    name: 'k_text_integer',
    title: 'text and integer',
    types: ['text', 'integer'],
    keys: TRICKY.map((value, n) => [value, String(n % 3 === 0 ? -n : 4294967 * n)]),
  },
  {
    name: 'k_collations',
    title: 'three columns in three collations',
    types: ['text collate "C"', 'varchar(40) collate "und-x-icu"', 'text'],
    keys: TRICKY.map((value, n) => [MIXED[n % MIXED.length] ?? '', value, TRICKY[n % 7] ?? '']),
    alter: 'alter table orgs alter id1 type text collate "C", alter id2 type varchar(40) collate "und-x-icu"',
  },
  {
    name: 'k_blanks',
    title: 'text and text that differ in blanks only',
    types: ['text', 'text'],
    keys: ['', ' ', '  ', '　', '\n', '\t', ','].flatMap((a) =>
      ['', ' ', '　', '\n', '"', ','].map((b) => [`a${a}`, `b${b}`]),
    ),
  },
  {
    name: 'k_wider',
    title: 'integer and varchar that the cloud has wider',
    types: ['integer', 'varchar(10)'],
    keys: codes.map((code, n) => [String(n), code]),
    alter: 'alter table orgs alter id1 type bigint, alter id2 type text',
  },
]
