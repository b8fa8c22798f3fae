import type { TypeCase } from './plain-values.js'

/** Made in both databases: setup cannot create a composite type. */
export const COMPOSITE = `create type pair as (label text, amount numeric)`

/** Made in the source only: setup creates them in the cloud. */
export const OWN_TYPES = `
  create type mood as enum ('sad', 'ok', 'it''s "fine", まあまあ');
  create domain postcode as text check (value ~ '^[0-9]{3}-[0-9]{4}$');
  create domain labels as text[] check (cardinality(value) < 10);
  create domain amount as numeric(10, 2)`

const DOCUMENTS: readonly TypeCase[] = [
  {
    type: 'uuid',
    values: ['a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    changes: [['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000001']],
  },
  {
    type: 'json',
    values: ['{ "b" : 1,\n\t"a": [1.0, 1e400], "b": 2 }', 'null', '"\\ud842\\udfb7 \\u0000"', ' {} '],
    changes: [
      ['{"a":1,"b":2}', '{"b":2,"a":1}'],
      ['[1]', '[ 1]'],
      ['[1.0]', '[1.00]'],
      ['null', null],
    ],
  },
  {
    type: 'jsonb',
    values: [
      '{"n": 1e400, "deep": {"a": [[], {}, null, "　", "\\u0001\\"\\\\"]}}',
      'null',
      '[1.000]',
      '"𠮷"',
    ],
    changes: [
      ['[1.0]', '[1.00]'],
      ['["1"]', '[1]'],
      ['{"a": null}', '{}'],
      ['null', null],
    ],
  },
  { type: 'jsonpath', values: ['$."a b"[*] ? (@ > 1.0)'], changes: [['$.a', 'strict $.a']] },
  {
    type: 'xml',
    values: [
      '<?xml version="1.0" encoding="UTF-8"?>\n<a b="c">医療<!-- x --></a>',
      'a&amp;b',
      '<a/><b/>',
      '<?xml version="1.1"?><a/>',
      '',
    ],
    changes: [
      ['<a/>', '<a></a>'],
      ['<a/>', '<?xml version="1.0"?><a/>'],
      ['<a/>', '<a />'],
      [null, ''],
    ],
  },
  { type: 'tsvector', values: [`'a b':1A,3 '''':2 '医療'`, ''], changes: [[`'a':1`, `'a':1A`]] },
  {
    type: 'tsquery',
    values: [`'a b' & !('c':*AB | 'd') <2> 'e'`, ''],
    changes: [[`'a' & 'b'`, `'b' & 'a'`]],
  },
]

const OTHERS: readonly TypeCase[] = [
  {
    type: 'inet',
    values: ['192.168.0.1', '192.168.0.1/24', '::1', '2001:db8::/32'],
    changes: [['10.0.0.1', '10.0.0.1/31']],
  },
  { type: 'cidr', values: ['10.0.0.0/8', '::/0'], changes: [['10.0.0.0/8', '10.0.0.0/9']] },
  { type: 'macaddr', values: ['08:00:2b:01:02:03'], changes: [['08:00:2b:01:02:03', '08:00:2b:01:02:04']] },
  {
    type: 'macaddr8',
    values: ['08:00:2b:01:02:03:04:05'],
    changes: [['08:00:2b:01:02:03:04:05', '08:00:2b:01:02:03:04:06']],
  },
  { type: 'bit(5)', values: ['00000', '10101'], changes: [['00001', '00000']] },
  {
    type: 'bit varying',
    values: ['', '0', '1'.repeat(70)],
    changes: [
      ['0', '00'],
      [null, ''],
    ],
  },
  { type: 'point', values: ['(1.5,-0)', '(NaN,Infinity)', '(5e-324,1e308)'], changes: [['(0,0)', '(-0,0)']] },
  { type: 'line', values: ['{1,-2,3}'], changes: [['{1,0,0}', '{1,0,5e-324}']] },
  { type: 'lseg', values: ['[(0,0),(1,1)]'], changes: [['[(0,0),(1,1)]', '[(1,1),(0,0)]']] },
  { type: 'box', values: ['(1,1),(0,0)'], changes: [['(1,1),(0,0)', '(1,1),(0,-0)']] },
  { type: 'path', values: ['[(0,0),(1,1)]', '((0,0),(1,1))'], changes: [['[(0,0),(1,1)]', '((0,0),(1,1))']] },
  {
    type: 'polygon',
    values: ['((0,0),(0,1),(1,1))'],
    changes: [['((0,0),(0,1),(1,1))', '((0,1),(1,1),(0,0))']],
  },
  { type: 'circle', values: ['<(0,0),1>'], changes: [['<(0,0),1>', '<(0,0),1.0000000000000002>']] },
  { type: 'oid', values: ['0', '4294967295'], changes: [['1', '2']] },
  { type: 'pg_lsn', values: ['0/0', 'FFFFFFFF/FFFFFFFF'], changes: [['0/1', '1/0']] },
  { type: 'xid8', values: ['18446744073709551615'], changes: [['1', '4294967297']] },
  { type: 'pg_snapshot', values: ['10:20:10,14,15'], changes: [['10:20:10', '10:20:11']] },
  {
    type: 'int4range',
    values: ['empty', '[1,5)', '(,)', '[1,)'],
    changes: [
      ['empty', '(,)'],
      ['[1,2)', '[1,3)'],
    ],
  },
  {
    type: 'numrange',
    values: ['[1.10,2.0)', '(,1]'],
    changes: [
      ['[1.0,2)', '[1.00,2)'],
      ['[1,2)', '[1,2]'],
    ],
  },
  {
    type: 'tstzrange',
    values: ['["2026-11-23 09:00:00.000001+09",infinity]', 'empty'],
    changes: [['[2026-01-01,infinity)', '[2026-01-01,)']],
  },
  {
    type: 'daterange',
    values: ['[0044-03-15 BC,infinity)', 'empty'],
    changes: [['[2026-01-01,2026-01-02)', 'empty']],
  },
  { type: 'int4multirange', values: ['{}', '{[1,3),[7,)}'], changes: [['{}', '{(,)}']] },
  { type: 'nummultirange', values: ['{[1.0,2.00)}'], changes: [['{[1,2)}', '{[1,2.0)}']] },
]

const COMPOUNDS: readonly TypeCase[] = [
  {
    type: 'text[]',
    values: [
      '{}',
      '{NULL,"NULL","","a,b","\\"","\\\\"," "}',
      '{{a,b},{c,NULL}}',
      '[0:1]={x,y}',
      '[-2:-1][5:6]={{1,2},{3,4}}',
    ],
    changes: [
      ['{a}', '[2:2]={a}'],
      ['{1,2}', '{{1,2}}'],
      ['{NULL}', '{"NULL"}'],
      ['{""}', '{}'],
      ['{"a,b"}', '{a,b}'],
      [null, '{}'],
    ],
  },
  {
    type: 'bigint[]',
    values: ['{9223372036854775807,NULL}'],
    changes: [
      ['{1}', '{4294967296}'],
      ['{{1,2}}', '{{1},{2}}'],
    ],
  },
  { type: 'numeric[]', values: ['{1.00,NaN}'], changes: [['{1.0}', '{1.00}']] },
  { type: 'double precision[]', values: ['{-0,5e-324,NaN}'], changes: [['{-0}', '{0}']] },
  { type: 'char(4)[]', values: ['{a,"b "}'], changes: [['{a}', '{b}']] },
  {
    type: 'timestamptz[]',
    values: ['{infinity,"2026-11-23 09:00+09"}'],
    changes: [['{"2026-01-01 00:00+00"}', '{"2026-01-01 00:00:00.000001+00"}']],
  },
  { type: 'jsonb[]', values: ['{"{\\"a\\": 1.0}",NULL}'], changes: [['{"1.0"}', '{"1.00"}']] },
  { type: 'bytea[]', values: ['{"\\\\x00",NULL}'], changes: [['{"\\\\x00"}', '{"\\\\x01"}']] },
  { type: 'mood', values: ['sad', 'it\'s "fine", まあまあ'], changes: [['sad', 'ok']] },
  { type: 'mood[]', values: ['{sad,"it\'s \\"fine\\", まあまあ",NULL}'], changes: [['{sad}', '{ok}']] },
  { type: 'postcode', values: ['100-0001'], changes: [['100-0001', '100-0002']] },
  { type: 'labels', values: ['{a,NULL}'], changes: [['{a}', '[0:0]={a}']] },
  { type: 'amount', values: ['1.5'], changes: [['1.01', '1.02']] },
  {
    type: 'pair',
    values: ['("a,\\"b\\"",1.00)', '(,)', '("",)'],
    changes: [
      ['(a,1.0)', '(a,1.00)'],
      ['(,)', '("",)'],
    ],
  },
  { type: 'pair[]', values: ['{"(a,1.0)",NULL}'], changes: [['{"(,)"}', '{NULL}']] },
]

export const STRUCTURED: readonly TypeCase[] = [...DOCUMENTS, ...OTHERS, ...COMPOUNDS]
