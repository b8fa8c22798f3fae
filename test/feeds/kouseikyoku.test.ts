import { deepEqual, equal, match } from 'node:assert/strict'
import { csv, HEADERS, record } from './forms.js'
import { read, refusal } from './reading.js'

/** Made-up codes whose check digits agree: of 北海道 with prefecture and 点数表, of 東京 without. */
const LIST = '010100019,0100019,架空内科,0600001,札幌市中央区北１条\n139900010,9900010,架空医院,,港区１－２\n'

function filing(values: Readonly<Record<string, string>> = {}): readonly string[] {
  return record('filings', {
    ...{ 項番: '1', 都道府県コード: '13', 医療機関番号: '99,0001,0', 医療機関名称: '架空歯科' },
    ...{
      '医療機関所在地（郵便番号）': '〒105－0001',
      '医療機関所在地（住所）': '港区１－２',
      電話番号: '03-0000-0000',
    },
    受理番号: '第1号',
    ...values,
  })
}

describe('a list of 地方厚生局', () => {
  it('has no headers; its ids get the digit of the category, which people name', async () => {
    const { rows, told, publication } = await read({ 'ika_202409.csv': LIST }, { feed: 'kouseikyoku-shika' })
    equal(publication, 'kouseikyoku')
    deepEqual(
      rows.map(({ line, scope, values }) => [line, scope, values]),
      [
        [
          1,
          '01-shika',
          {
            medical_id: '0130100019',
            institution_type: '3',
            prefecture_code: '01',
            name: '架空内科',
            postal_code: '060-0001',
            address: '札幌市中央区北１条',
            name_search: '架空内科',
            address_search: '北海道札幌市中央区北1条',
          },
        ],
        [
          2,
          '13-shika',
          {
            medical_id: '1339900010',
            institution_type: '3',
            prefecture_code: '13',
            name: '架空医院',
            postal_code: null,
            address: '港区１－２',
            name_search: '架空医院',
            address_search: '東京都港区1-2',
          },
        ],
      ],
    )
    deepEqual(told, [])
  })

  it('is refused while nobody says of which category it is', async () => {
    match(
      await refusal({ 'a.csv': LIST }),
      /could be any of kouseikyoku-ika, kouseikyoku-shika, kouseikyoku-yakkyoku: say which it is$/u,
    )
  })

  it('has ids of two columns, which must agree; a check digit need not', async () => {
    const text = `${LIST}139900019,9900018,x,,y\n480000000,0000000,x,,y\n139900010,9900010,,,\n`
    const { rows, told, leftOut } = await read({ 'a.csv': text }, { feed: 'kouseikyoku-ika' })
    equal(rows.length, 2)
    deepEqual(
      leftOut.map(({ line, scope, values }) => [line, scope, values['medical_id']]),
      [[5, '13-ika', '1319900010']],
    )
    deepEqual(told.slice(-3), [
      'ID_FORM 3 9桁コード: 139900019',
      'PREFECTURE_INVALID 4 9桁コード: 480000000',
      'VALUE_MISSING 5 名称: ',
    ])
  })

  it('has a word for each record that is not taken over, however many of its codes are wrong', async () => {
    const { rows, told } = await read({ 'a.csv': `${LIST}x,y,z,,\n` }, { feed: 'kouseikyoku-ika' })
    equal(rows.length, 2)
    deepEqual(told.at(-1), 'ID_FORM 3 9桁コード: x')
    equal(told.filter((one) => one.startsWith('ID_FORM')).length, 1)
  })

  it('that lost its zeros is refused, and put right on request: the two columns tell the same', async () => {
    const lost = LIST.replaceAll(/(^|,)0+/gmu, '$1')
    match(
      await refusal({ 'a.csv': lost }, { feed: 'kouseikyoku-shika' }),
      /a\.csv was saved by a spreadsheet: 1 rows have lost the zero that their codes begin with \(line 1: 10100019\)$/u,
    )
    const { rows, told } = await read({ 'a.csv': lost }, { feed: 'kouseikyoku-shika', repair: true })
    deepEqual(
      rows.map(({ values }) => [values['medical_id'], values['postal_code']]),
      [
        ['0130100019', '060-0001'],
        ['1339900010', null],
      ],
    )
    deepEqual(told, ['ZERO_RESTORED 1 9桁コード: 10100019'])
  })
})

describe('the register of filings of 地方厚生局', () => {
  it('has several records a facility, of which one is kept', async () => {
    const text = csv(
      HEADERS.filings,
      filing(),
      filing({ 受理届出名称: 'b', 受理番号: '第2号' }),
      filing({ 医療機関番号: '9900028', 医療機関名称: '別の歯科' }),
    )
    const { rows, summary, told } = await read(
      { 'r8_todokede_202602.csv': text },
      { feed: 'kouseikyoku-todokede-shika' },
    )
    deepEqual(told, [])
    deepEqual(
      rows.map(({ line, scope, values }) => [
        line,
        scope,
        values['medical_id'],
        values['name'],
        values['postal_code'],
        values['phone'],
      ]),
      [
        [2, '13-shika', '1339900010', '架空歯科', '105-0001', '03-0000-0000'],
        [4, '13-shika', '1339900028', '別の歯科', '105-0001', '03-0000-0000'],
      ],
    )
    const [file] = summary.files
    deepEqual(
      [file?.records, file?.rows, file?.folded, file?.reported, file?.asOf],
      [3, 2, 1, 0, '2026-02-01'],
    )
  })

  it('has names of persons, which are read only if asked', async () => {
    const text = csv([...HEADERS.filings, '開設者', '管理者氏名'], [...filing(), '架空　太郎', '架空　花子'])
    const quiet = await read({ 'a.csv': text }, { feed: 'kouseikyoku-todokede-ika' })
    equal(JSON.stringify(quiet).includes('太郎'), false)
    deepEqual(quiet.told, [])
    const { rows } = await read({ 'a.csv': text }, { feed: 'kouseikyoku-todokede-ika', personal: true })
    deepEqual(
      [rows[0]?.values['founder_name'], rows[0]?.values['administrator_name']],
      ['架空　太郎', '架空　花子'],
    )
  })

  it('that lost its zeros is put right where the check digit says so', async () => {
    const text = csv(
      HEADERS.filings,
      filing({ 都道府県コード: '1', 医療機関番号: '100001' }),
      filing({ 都道府県コード: '1', 医療機関番号: '100013' }),
    )
    const { rows, told } = await read({ 'a.csv': text }, { feed: 'kouseikyoku-todokede-ika', repair: true })
    deepEqual(
      [rows.map(({ values }) => values['medical_id']), told.map((line) => line.split(' ')[0])],
      [['0110100013'], ['ID_UNCERTAIN', 'ZERO_RESTORED']],
    )
  })
})
