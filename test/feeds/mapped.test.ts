import { deepEqual, equal, match } from 'node:assert/strict'
import { csvMappingSchema, type CsvMapping } from '../../core/csv-mapping.js'
import { read, refusal } from './reading.js'

/** As it stands in a master's file. */
const PRODUCTS: CsvMapping = csvMappingSchema.parse({
  columns: {
    product_code: '商品コード',
    name: { header: '商品名', required: true },
    price: '単価',
    warehouse: '倉庫',
  },
  key: ['product_code'],
  scope: ['warehouse'],
})

describe('a CSV of one’s own', () => {
  it('is read by the columns that a master names, whatever else it has', async () => {
    const text = '倉庫,商品コード,商品名,備考,単価\n東,0001,"架空品 ""A"", 大",x,1.50\n西,1-2,架空品B,,\n'
    const { rows, told, publication, summary } = await read(
      { 'products_20261101.csv': text },
      { mapping: PRODUCTS },
    )
    equal(publication, 'csv')
    deepEqual(
      rows.map(({ scope, values }) => [scope, values]),
      [
        ['東', { product_code: '0001', name: '架空品 "A", 大', price: '1.50', warehouse: '東' }],
        ['西', { product_code: '1-2', name: '架空品B', price: null, warehouse: '西' }],
      ],
    )
    deepEqual(told, ['COLUMNS_UNREAD 0 -: 備考'])
    equal(summary.files[0]?.asOf, '2026-11-01')
  })

  it('may be separated by tabs or semicolons, and have lines within values', async () => {
    for (const mark of ['\t', ';']) {
      const text = `商品コード,商品名,単価,倉庫\n1,"架空\n品",,\n`.replaceAll(',', mark)
      const { rows } = await read({ 'a.csv': text }, { mapping: PRODUCTS })
      deepEqual(
        rows.map(({ scope, values }) => [scope, values['name']]),
        [['', '架空\n品']],
      )
    }
  })

  it('has the encoding and the separator that its master says', async () => {
    const mapping: CsvMapping = { ...PRODUCTS, encoding: 'cp932', delimiter: ';' }
    match(
      await refusal({ 'a.csv': '商品コード;商品名;単価;倉庫\n' }, { mapping }),
      /^IMPORT_(?:INVALID|FORM_UNKNOWN) /u,
    )
  })

  it('without a value of its key, or with a number that was one, has rows that are told of, or is refused', async () => {
    const headers = '商品コード,商品名,単価,倉庫\n'
    const { rows, told, leftOut } = await read(
      { 'a.csv': `${headers},a,,\n2,,,西\n3,b,,\n4,c,,\u0007\n` },
      { mapping: PRODUCTS },
    )
    deepEqual(
      [rows.length, told],
      [1, ['VALUE_MISSING 2 商品コード: ', 'VALUE_MISSING 3 商品名: ', 'VALUE_UNSTORABLE 5 倉庫: \u0007']],
    )
    deepEqual(
      leftOut.map(({ line, scope, values }) => [line, scope, values['product_code'], values['warehouse']]),
      [
        [3, '西', '2', null],
        [5, null, '4', null],
      ],
    )
    match(await refusal({ 'a.csv': `${headers}4.9E+12,a,,\n` }, { mapping: PRODUCTS }), /^IMPORT_DAMAGED /u)
  })

  it('without one of its columns is refused only where every row needs it', async () => {
    const files = { 'a.csv': '商品コード,商品名\n1,a\n', 'b.csv': '商品コード,商品名,倉庫\n2,b,\n' }
    const { told, rows } = await read(files, { mapping: PRODUCTS })
    deepEqual(told, ['COLUMNS_ABSENT 0 単価: -', 'COLUMNS_ABSENT 0 倉庫: -', 'COLUMNS_ABSENT 0 単価: -'])
    // What the table has in a column that the file lacks stays, whatever other files have.
    deepEqual(
      rows.map(({ values, kept }) => [Object.keys(values).length, kept]),
      [
        [3, ['warehouse']],
        [3, []],
      ],
    )
    match(
      await refusal({ 'a.csv': '商品コード,単価\n1,2\n' }, { mapping: PRODUCTS }),
      /lacks columns that csv needs: 商品名; its first line has 2 values/u,
    )
  })

  it('has a key and a scope among its columns', () => {
    const { error } = csvMappingSchema.safeParse({ columns: { a: 'A' }, key: ['b'], scope: ['c'] })
    deepEqual(
      error?.issues.map(({ path, message }) => [path.join('.'), message]),
      [
        ['key.0', 'b is not among columns'],
        ['scope.0', 'c is not among columns'],
      ],
    )
  })
})
