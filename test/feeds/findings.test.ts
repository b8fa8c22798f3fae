import { deepEqual, equal, match } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { FINDINGS } from '../../core/finding.js'
import { csv, HEADERS, institution, published } from './forms.js'
import { read, refusal } from './reading.js'

const GOOD = institution('hospital', { ID: '1311310099990' })

/** A hospital, otherwise as invented, between two good ones. */
async function hospital(values: Readonly<Record<string, string>>) {
  const others = [GOOD, institution('hospital', values), institution('hospital', { ID: '1311310088880' })]
  const { rows, told, summary, leftOut } = await read({ 'a.csv': published(HEADERS.hospital, ...others) })
  const [file] = summary.files
  equal(file?.records, 3)
  equal(file.rows + file.folded + file.reported, 3)
  equal(file.unidentified, file.reported - leftOut.length)
  const known = leftOut.map(({ scope, values }) => [scope, values['medical_id'], values['name']])
  return { row: rows.find(({ line }) => line === 3), told, known }
}

describe('a record that cannot be taken over', () => {
  for (const [values, expected] of [
    [{ ID: '' }, 'VALUE_MISSING 3 ID: '],
    [{ ID: ' ' }, 'VALUE_MISSING 3 ID:  '],
    [{ 正式名称: '　' }, 'VALUE_MISSING 3 正式名称: 　'],
    [{ 所在地: '', 都道府県コード: '' }, 'PREFECTURE_INVALID 3 都道府県コード: '],
    [{ ID: '1234' }, 'ID_FORM 3 ID: 1234'],
    [{ ID: '13113100000101' }, 'ID_FORM 3 ID: 13113100000101'],
    [{ ID: '１３１１３１０' }, 'ID_FORM 3 ID: １３１１３１０'],
    [{ ID: '131-1310' }, 'ID_FORM 3 ID: 131-1310'],
    [{ 都道府県コード: '48' }, 'PREFECTURE_INVALID 3 都道府県コード: 48'],
    [{ 都道府県コード: '00' }, 'PREFECTURE_INVALID 3 都道府県コード: 00'],
    [{ 都道府県コード: '', 所在地: '千代田区' }, 'PREFECTURE_INVALID 3 都道府県コード: '],
    [{ 機関区分: '2' }, 'TYPE_CONTRADICTS 3 機関区分: 2'],
    [{ 正式名称: 'a\0b' }, 'VALUE_UNSTORABLE 3 正式名称: a\0b'],
    [{ 正式名称: 'a\u001fb' }, 'VALUE_UNSTORABLE 3 正式名称: a\u001fb'],
    [{ 正式名称: '名'.repeat(256) }, `VALUE_UNSTORABLE 3 正式名称: ${'名'.repeat(80)}…`],
  ] as const) {
    it(`is told with its place, and the others go on: ${JSON.stringify(values).slice(0, 60)}`, async () => {
      const { row, told } = await hospital(values)
      equal(row, undefined)
      deepEqual(told, [expected])
    })
  }

  it('is known by its id all the same, where nothing is wrong with that', async () => {
    const ID = '1311310077770'
    for (const [values, expected] of [
      [{ ID, 都道府県コード: '99' }, [[null, ID, null]]],
      [{ ID, 正式名称: '' }, [['13-1', ID, null]]],
      [{ ID, 機関区分: '2' }, [['13-2', ID, null]]],
      [{ ID: '131-1310', 正式名称: '' }, []],
      [{ ID: ' ' }, []],
    ] as const) {
      const { known, told } = await hospital(values)
      deepEqual([known, told.length], [expected, 1])
    }
  })

  it('is one of too few or too many values', async () => {
    const [headers, good] = [HEADERS.dental, institution('dental')]
    const lines = [headers, good, good.slice(0, -1), [...good, 'x'], [...good, '', ''], good]
    const { rows, told } = await read({ 'a.csv': csv(...lines) })
    deepEqual(
      rows.map(({ line }) => line),
      [2, 5, 6],
    )
    deepEqual(told, ['RECORD_RAGGED 3 -: 56 : 57', 'RECORD_RAGGED 4 -: 58 : 57'])
  })

  it('is one whose quotes do not pair, and the next line is read as it stands', async () => {
    const line = csv(institution('dental'))
    const broken = [
      line.replace('"東京都', '東京"都'),
      line.replace('番３号"', '番３号'),
      line.replace('"架空', '"架"空'),
    ]
    const { rows, told } = await read({
      'a.csv': csv(HEADERS.dental) + broken.map((one) => one + line).join(''),
    })
    deepEqual(
      rows.map((row) => row.line),
      [3, 5, 7],
    )
    deepEqual(
      told.map((one) => one.split(':')[0]),
      ['RECORD_UNREADABLE 2 -', 'RECORD_UNREADABLE 4 -', 'RECORD_UNREADABLE 6 -'],
    )
  })
})

describe('a value that cannot be taken over', () => {
  for (const [values, column, expected] of [
    [{ 一般病床: '12床' }, 'beds_general', 'VALUE_DROPPED 3 一般病床: 12床'],
    [{ 市区町村コード: '13101' }, 'city_code', 'VALUE_DROPPED 3 市区町村コード: 13101'],
    [{ 祝日に休診: '2' }, 'open_holidays', 'VALUE_DROPPED 3 祝日に休診: 2'],
    [{ '所在地座標（緯度）': '35.7N' }, 'longitude', 'VALUE_DROPPED 3 所在地座標（緯度）: 35.7N'],
    [{ '所在地座標（緯度）': '0.5' }, 'longitude', 'COORDINATES_OUTSIDE 3 所在地座標（緯度）: 0.5'],
    [{ '所在地座標（経度）': '-0.1' }, 'latitude', 'COORDINATES_OUTSIDE 3 所在地座標（経度）: -0.1'],
    [{ '所在地座標（経度）': '' }, 'latitude', 'COORDINATES_OUTSIDE 3 所在地座標（経度）: '],
    [{ 案内用ホームページアドレス: 'x\u0007' }, 'url', 'VALUE_DROPPED 3 案内用ホームページアドレス: x\u0007'],
  ] as const) {
    it(`is left out of its row, with a word: ${JSON.stringify(values)}`, async () => {
      const { row, told } = await hospital(values)
      equal(row?.values[column], null)
      equal(told[0], expected)
      deepEqual(row.kept, /itude$/u.test(column) ? ['latitude', 'longitude'] : [column])
    })
  }

  it('leaves all that is made of it as it is in the table, and nothing else', async () => {
    const { row } = await hospital({
      '正式名称（フリガナ）': 'カ\u0007ナ',
      '決まった週に休診（定期週）第2週（水）': '2',
    })
    deepEqual(row?.kept, ['name_kana', 'open_weeks', 'kana_search'])
    const maternity = institution('maternity', { 月_就業時間帯1_開始時間: '9時' })
    const { rows } = await read({ 'a.csv': published(HEADERS.maternity, maternity) })
    deepEqual(rows[0]?.kept, ['opening_hours'])
  })

  it('may be an address that is not there', async () => {
    const { row, told } = await hospital({ 所在地: '' })
    deepEqual(
      [row?.scope, row?.values['address'], row?.values['address_search'], told],
      ['13-1', null, null, []],
    )
  })

  it('is none where the ministry writes 0.0 for no coordinates', async () => {
    const { row, told } = await hospital({ '所在地座標（緯度）': '0.0', '所在地座標（経度）': '0.0' })
    deepEqual([row?.values['latitude'], row?.values['longitude'], told, row?.kept], [null, null, [], []])
  })
})

describe('a file as a whole', () => {
  const LINE = csv(institution('dental'))

  it('that is cut within its last line is refused', async () => {
    const whole = csv(HEADERS.dental, institution('dental'), institution('dental'))
    for (const end of [-2, -4, -10, -20, -LINE.length + 5])
      match(
        await refusal({ 'a.csv': whole.slice(0, end) }),
        /^IMPORT_INVALID a\.csv:3:1 is cut: its last line is not whole/u,
      )
  })

  it('whose last line has no end is taken, with a word where nothing else says that it is whole', async () => {
    const whole = csv(HEADERS.dental, institution('dental')).slice(0, -1)
    const { rows, told } = await read({ 'a.csv': whole })
    deepEqual([rows.length, told], [1, ['LAST_LINE_OPEN 2 -: -']])
  })

  it('in UTF-16, with a NUL everywhere, or damaged in its encoding, is refused', async () => {
    match(
      await refusal({ 'a.csv': Buffer.from(`\ufeff${LINE}`, 'utf16le') }),
      /^IMPORT_INVALID a\.csv:1:1 is UTF-16/u,
    )
    match(await refusal({ 'a.csv': Buffer.from('ID,a\n1,2\n', 'utf16le') }), /^IMPORT_FORM_UNKNOWN /u)
    const bytes = Buffer.from(published(HEADERS.dental, institution('dental')))
    const damaged = Buffer.concat([bytes.subarray(0, -30), Buffer.from([0xe5]), bytes.subarray(-30)])
    match(await refusal({ 'a.csv': damaged }), /^IMPORT_INVALID a\.csv:2:\d+ is not UTF-8 here/u)
  })

  it('with a line of ten megabytes is refused', async () => {
    const text = `${csv(HEADERS.dental)}${'x'.repeat(10_000_000)}\n`
    match(
      await refusal({ 'a.csv': text }),
      /^IMPORT_INVALID a\.csv:2:1 has a line of more than 1000000 characters/u,
    )
  })

  it('has findings of one kind by the thousand: the first are kept, all are counted', async () => {
    const lines = Array.from({ length: 3000 }, () => institution('dental', { ID: '' }))
    const { summary } = await read({ 'a.csv': csv(HEADERS.dental, ...lines) })
    equal(summary.findings.first.length, 20)
    deepEqual(summary.findings.counts, { VALUE_MISSING: 3000 })
  })

  it('opened in a spreadsheet is refused: numbers for ids', async () => {
    const ids = ['1.31E+12', '1.31131E+12', '1311310000010']
    const text = csv(HEADERS.dental, ...ids.map((ID) => institution('dental', { ID })))
    equal(
      await refusal({ 'a.csv': text }),
      'IMPORT_DAMAGED a.csv was saved by a spreadsheet: 2 ids became numbers such as 1.23E+12 (line 2: 1.31E+12)',
    )
  })

  it('opened in a spreadsheet is refused: dates for ids', async () => {
    for (const ID of ['2026/1/2', '1月2日', '2-Jan', 'Jan-02'])
      match(
        await refusal({ 'a.csv': csv(HEADERS.dental, institution('dental', { ID })) }),
        /1 ids became dates/u,
      )
  })

  it('opened in a spreadsheet is refused: zeros lost of the prefecture, or of the ids', async () => {
    for (const values of [
      { 都道府県コード: '1', 所在地: '北海道函館市', ID: '131010000010' },
      { 都道府県コード: '01', 所在地: '北海道函館市', ID: '131010000010' },
    ]) {
      const text = csv(HEADERS.dental, institution('dental', values), institution('dental'))
      match(await refusal({ 'a.csv': text }), /^IMPORT_DAMAGED .* 1 rows have lost the zero/u)
      const { rows, told } = await read({ 'a.csv': text }, { repair: true })
      deepEqual(
        rows.map((row) => [row.scope, row.values['medical_id'], row.values['prefecture_code']]),
        [
          ['01-3', '0131010000010', '01'],
          ['13-3', '1311310000010', '13'],
        ],
      )
      deepEqual(told, ['ZERO_RESTORED 2 ID: 131010000010'])
    }
  })

  it('with one id among many that lacks its zero is taken as it stands, with a word', async () => {
    const ids = Array.from({ length: 20 }, (_, number) => `01310100${100 + number}00`)
    const lines = [...ids, '131010000010'].map((ID) => institution('dental', { ID, 都道府県コード: '01' }))
    const { rows, told } = await read({ 'a.csv': csv(HEADERS.dental, ...lines) })
    equal(rows.length, 21)
    deepEqual(told, ['ZERO_LOST 22 ID: 131010000010'])
  })

  it('has the prefecture put right where the id kept its letters and so its zero', async () => {
    const values = { ID: '0931TC0001', 都道府県コード: '9', 所在地: '栃木県宇都宮市' }
    const { rows, told } = await read(
      { 'a.csv': csv(HEADERS.dental, institution('dental', values)) },
      { repair: true },
    )
    deepEqual(rows[0]?.scope, '09-3')
    deepEqual(told, ['ZERO_RESTORED 2 都道府県コード: 9'])
  })

  it('is not put right where that is not certain: another length, another prefecture', async () => {
    const ids = ['13101000001', '231010000010', '131010000010']
    const lines = ids.map((ID) => institution('dental', { ID, 都道府県コード: '01' }))
    const { rows, told } = await read({ 'a.csv': csv(HEADERS.dental, ...lines) }, { repair: true })
    deepEqual(
      rows.map(({ values }) => values['medical_id']),
      ['0131010000010'],
    )
    equal(told.filter((one) => one.startsWith('ID_UNCERTAIN')).length, 2)
  })
})

describe('what is told of a file', () => {
  it('is said in English and in Japanese', () => {
    for (const { en, ja } of Object.values(FINDINGS)) {
      match(en, /^[ -~]+$/u)
      match(ja, /[ぁ-ん]/u)
    }
  })
})
