import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatKey, keyFromDatabase, parseKey } from '../../core/ids.js'
import { formatTableName, parseTableName } from '../../core/table-name.js'

/** Whatever a text column may hold: all of Unicode but NUL; no half characters, which UTF-8 cannot write. */
const character = fc.oneof(
  fc.constantFrom(
    ' ',
    '\t',
    '\n',
    '\r',
    '"',
    "'",
    ',',
    ';',
    '\\',
    '.',
    '$',
    '%',
    '\u3000',
    '0',
    'a',
    'À',
    'ｱ',
    'が',
    '𠮷',
    '\u00a0',
    '\ufeff',
  ),
  fc
    .integer({ min: 1, max: 0x10ffff })
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => String.fromCodePoint(code)),
)
const text = fc.array(character, { minLength: 1, maxLength: 8 }).map((characters) => characters.join(''))
const columns = ['a', 'b', 'c', 'd']
const composite = fc.array(text, { minLength: 2, maxLength: columns.length })

describe('the written form of a key', () => {
  it('is the key itself where it has one column', () => {
    fc.assert(
      fc.property(text, (value) => {
        assert.equal(formatKey([value]), value)
        if (value.trim() !== '') assert.deepEqual(parseKey(value, ['a']), [value.trim()])
      }),
    )
  })

  it('is read back as it was where the key has several columns', () => {
    fc.assert(
      fc.property(composite, (values) => {
        assert.deepEqual(parseKey(formatKey(values), columns.slice(0, values.length)), values)
      }),
    )
  })

  it('differs for keys that differ, empty values included', () => {
    const values = fc.array(fc.oneof(text, fc.constant('')), { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(values, values, (one, other) => {
        const same = one.every((value, index) => value === other[index])
        assert.equal(formatKey(keyFromDatabase(one)) === formatKey(keyFromDatabase(other)), same)
      }),
    )
    assert.notEqual(formatKey(['a', 'b ']), formatKey(['a', 'b']))
    assert.notEqual(formatKey(['a', 'b\u3000']), formatKey(['a', 'b']))
    assert.notEqual(formatKey(['a', '']), formatKey(['a', ' ']))
  })

  it('may be typed with blanks around its values', () => {
    assert.deepEqual(parseKey(' M1 , 0042 ', ['a', 'b']), ['M1', '0042'])
    assert.deepEqual(parseKey(' "M,1" ,"0""42"', ['a', 'b']), ['M,1', '0"42'])
  })
})

describe('the written form of a table name', () => {
  it('is read back as it was, whatever the name', () => {
    fc.assert(
      fc.property(text, text, (schema, name) => {
        assert.deepEqual(parseTableName(formatTableName({ schema, name })), { schema, name })
      }),
    )
  })

  it('means the schema public where none is written', () => {
    assert.deepEqual(parseTableName('医療機関'), { schema: 'public', name: '医療機関' })
    assert.deepEqual(parseTableName('"a.b"'), { schema: 'public', name: 'a.b' })
    assert.deepEqual(parseTableName('Sales Data."a""b"'), { schema: 'Sales Data', name: 'a"b' })
  })

  it('is refused where parts are missing or run into each other', () => {
    for (const wrong of ['', '.', 'a.', '.a', 'a..b', 'a.b.c', '""', 'a.""', '"a"b', 'a"b', '"a', 'a"']) {
      assert.equal(parseTableName(wrong), undefined, wrong)
    }
  })
})
