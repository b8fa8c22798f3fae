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

const single = (values: readonly (string | number)[]): readonly (readonly string[])[] =>
  values.map((value) => [String(value)])
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1)
const codes = upTo(35).map((n) => `${'0'.repeat(n % 4)}${n * 7919}${'ABZabz'[n % 6] ?? ''}`)
const uuids = upTo(35).map(
  (n) =>
    `${n.toString(16).padStart(2, '0').repeat(4)}-9c0b-4ef8-bb6d-6bb9bd380a${n.toString(16).padStart(2, '0')}`,
)

/** Orders of bytes, of UTF-16 and of languages all differ for these. */
const MIXED = [
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

const ANY_CASE = `create collation any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)`

/** Of the keys those that `keys.test.ts` never takes off the list. */
export const stays = (_: unknown, index: number): boolean => index % 5 === 0

export const KEYS: readonly KeyCase[] = [
  {
    name: 'k_integer',
    title: 'integer',
    types: ['integer'],
    keys: single([...upTo(35), -5, 0, 2147483647, -2147483648]),
  },
  {
    name: 'k_bigint',
    title: 'bigint',
    types: ['bigint'],
    keys: single([
      ...upTo(35),
      '9007199254740993',
      '9007199254740992',
      '9223372036854775807',
      '-9223372036854775808',
      '4294967297',
    ]),
  },
  { name: 'k_smallint', title: 'smallint', types: ['smallint'], keys: single([...upTo(35), -32768, 32767]) },
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

export const LISTS: readonly KeyCase[] = [
  {
    name: 'l_integers_for_text',
    title: 'an integer list names text keys',
    types: ['text'],
    keys: single(upTo(35)),
    strangers: [['7000'], ['-1']],
    list: { sql: 'create table targets (id1 integer primary key, note text)', columns: ['id1'] },
  },
  {
    name: 'l_text_for_integers',
    title: 'a text list names integer keys',
    types: ['integer'],
    keys: single(upTo(35)),
    strangers: [['007'], ['1 '], ['1.0'], ['M1'], ['99999999999999999999']],
    list: { sql: 'create table targets (id1 text primary key, note text)', columns: ['id1'] },
  },
  {
    name: 'l_text_for_uuids',
    title: 'a text list names uuid keys',
    types: ['uuid'],
    keys: single(uuids),
    strangers: [['no uuid'], [(uuids[30] ?? '').toUpperCase()]],
    list: { sql: 'create table targets (id1 text primary key)', columns: ['id1'] },
  },
  {
    name: 'l_id',
    title: 'the column of the list is called id',
    types: ['text'],
    keys: single(codes),
    list: { sql: 'create table targets (id text primary key)', columns: ['id'] },
  },
  {
    name: 'l_twice',
    title: 'the list holds ids twice, and NULLs',
    types: ['text'],
    keys: single([...codes, ...MIXED]),
    strangers: [[null], [null], ...single([...codes.filter(stays), ...codes.filter(stays), 'no such id'])],
    list: { sql: 'create table targets (id1 text collate any_case)', columns: ['id1'] },
    prepare: ANY_CASE,
  },
  {
    name: 'l_twice_composite',
    title: 'the list holds pairs twice, and NULLs in either column',
    types: ['text', 'integer'],
    keys: codes.map((code, n) => [code, String(n)]),
    strangers: [
      [null, '1'],
      [codes[0] ?? '', null],
      [codes[5] ?? '', '5'],
      [codes[5] ?? '', '5'],
      [codes[6] ?? '', '5'],
    ],
    list: { sql: 'create table targets (id2 bigint, id1 varchar(30))', columns: ['id1', 'id2'] },
  },
  {
    name: 'l_varchar_for_char',
    title: 'a varchar list, some of it with trailing blanks, names char keys',
    types: ['char(13)'],
    keys: single(codes),
    strangers: [...single(codes.filter(stays).map((code) => `${code} `)), [`${codes[30] ?? ''}x`]],
    list: { sql: 'create table targets (id1 varchar(20) primary key)', columns: ['id1'] },
  },
  {
    name: 'l_char_for_varchar',
    title: 'a char list names varchar keys',
    types: ['varchar(20)'],
    keys: single(codes),
    list: { sql: 'create table targets (id1 char(20) primary key)', columns: ['id1'] },
  },
]
