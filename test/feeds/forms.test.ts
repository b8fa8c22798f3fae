import { deepEqual, equal, match } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { csv, HEADERS, institution, published, record } from './forms.js'
import { read, refusal } from './reading.js'

const one = (values: Readonly<Record<string, string | null>> | undefined, ...columns: readonly string[]) =>
  columns.map((column) => values?.[column])

describe('a file of 医療情報ネット', () => {
  for (const [form, name, scope] of [
    ['hospital', '01-1_hospital_facility_info_20260601.csv', '13-1'],
    ['clinic', '02-1_clinic_facility_info_20260601.csv', '13-2'],
    ['dental', '03-1_dental_facility_info_20260601.csv', '13-3'],
    ['maternity', '04_maternity_home_20260601.csv', '13-4'],
    ['pharmacy', '05_pharmacy_20260601.csv', '13-5'],
  ] as const) {
    it(`is known by its headers, whatever its name: ${form}`, async () => {
      const text = published(HEADERS[form], institution(form))
      for (const file of [name, 'data.csv']) {
        const { rows, told, summary } = await read({ [file]: text })
        deepEqual(told, [])
        equal(summary.files[0]?.feed, `iryojohonet-${form}`)
        equal(summary.files[0].asOf, file === name ? '2026-06-01' : undefined)
        deepEqual(
          rows.map((row) => [row.scope, ...one(row.values, 'medical_id', 'name', 'institution_type')]),
          [[scope, '1311310000010', '架空第一', scope.slice(3)]],
        )
      }
    })
  }

  it('says 1 where it is open, although the header says 休診', async () => {
    const closed = {
      '毎週決まった曜日に休診（日）': '0',
      '毎週決まった曜日に休診（月）': '1',
      祝日に休診: '0',
      '決まった週に休診（定期週）第2週（火）': '0',
    }
    const { rows } = await read({ 'a.csv': published(HEADERS.dental, institution('dental', closed)) })
    deepEqual(
      one(rows[0]?.values, 'open_sunday', 'open_monday', 'open_tuesday', 'open_holidays', 'open_weeks'),
      [...['0', '1', null, '0'], '------- -0----- ------- ------- -------'],
    )
  })

  it('of maternity homes has 休業 for 休診, and hours', async () => {
    const values = {
      '毎週決まった曜日に休業（土）': '0',
      'その他の休業日（gw、お盆等）': '年末（改行）年始',
      月_就業時間帯1_開始時間: '09:00',
      月_就業時間帯1_終了時間: '12:00',
      月_就業時間帯2_開始時間: '13:30',
      月_就業時間帯2_終了時間: '17:00',
      祝_就業時間帯1_開始時間: '9:30',
      祝_就業時間帯1_終了時間: '12:00',
      火_外来受付時間帯1_開始時間: '10:00',
    }
    const { rows } = await read({ 'a.csv': published(HEADERS.maternity, institution('maternity', values)) })
    deepEqual(one(rows[0]?.values, 'open_saturday', 'other_closed_days', 'opening_hours'), [
      ...['0', '年末（改行）年始'],
      '{"mon":[["09:00","12:00"],["13:30","17:00"]],"hol":[["09:30","12:00"]]}',
    ])
  })

  it('of pharmacies has other headers, and days of business', async () => {
    const values = {
      フリガナ: 'カクウヤッキョク',
      薬局のホームページアドレス: 'www.kaku.example',
      '営業日（月）': '1',
      '営業日（祝）': '0',
      'その他の閉店日（gw、お盆等）': 'お盆',
      月_開店時間帯4_開始時間: '20:00',
      月_開店時間帯4_終了時間: '22:00',
    }
    const { rows } = await read({ 'a.csv': published(HEADERS.pharmacy, institution('pharmacy', values)) })
    deepEqual(
      one(
        rows[0]?.values,
        'name_kana',
        'url',
        'open_monday',
        'open_holidays',
        'other_closed_days',
        'opening_hours',
      ),
      ['カクウヤッキョク', 'www.kaku.example', '1', '0', 'お盆', '{"mon":[["20:00","22:00"]]}'],
    )
  })

  it('keeps what it says: blanks, （改行）, an address without a scheme, no beds beside none', async () => {
    const values = {
      正式名称: '医療法人　　架空会　架空病院',
      案内用ホームページアドレス: 'http//x.example',
      'その他の休診日（gw、お盆等）': 'a（改行）b',
      一般病床: '0',
      合計病床数: '',
    }
    const { rows } = await read({ 'a.csv': published(HEADERS.hospital, institution('hospital', values)) })
    deepEqual(one(rows[0]?.values, 'name', 'url', 'other_closed_days', 'beds_general', 'beds_total'), [
      ...['医療法人　　架空会　架空病院', 'http//x.example', 'a（改行）b', '0', null],
    ])
  })

  it('may have its columns in another order, more of them, CRLF, no quotes, no mark', async () => {
    const headers = [...HEADERS.clinic].reverse()
    const values = [...institution('clinic')].reverse()
    const text = [
      ['新しい列', ...headers],
      ['x', ...values],
    ]
      .map((line) => line.join(','))
      .join('\r\n')
    const { rows, told } = await read({ 'a.csv': `${text}\r\n` })
    equal(rows[0]?.values['medical_id'], '1311310000010')
    deepEqual(told, ['COLUMNS_UNREAD 0 -: 新しい列'])
  })

  it('may have headers of another width', async () => {
    const headers = HEADERS.hospital.map((header) => header.normalize('NFKC'))
    const { rows, told } = await read({ 'a.csv': csv(headers, institution('hospital')) })
    equal(rows.length, 1)
    deepEqual(told, [])
  })

  it('is read in CP932, which is said', async () => {
    // ID, 正式名称, 所在地, 精神病床 and an institution, as a Japanese spreadsheet saves them.
    const text = Buffer.from(
      '49442c90b38eae96bc8fcc2c8f8a8ddd926e2c90b8905f95618fb00d0a' +
        '313331303030302c89cb8bf3956189402c938c8b9e93738d6088e62c350d0a',
      'hex',
    )
    const { rows, summary } = await read({ 'a.csv': text })
    equal(summary.files[0]?.encoding, 'shift_jis')
    deepEqual(one(rows[0]?.values, 'name', 'prefecture_code', 'beds_psychiatric'), ['架空病院', '13', '5'])
  })

  it('is refused without a column that it needs, by name and with what was there', async () => {
    const without = HEADERS.hospital.filter((header) => header !== '所在地')
    const found = await refusal({ 'a.csv': csv(without) })
    match(
      found,
      /^IMPORT_FORM_UNKNOWN a\.csv lacks columns that iryojohonet-hospital needs: 所在地; its first line has 64 values: ID, 正式名称, /u,
    )
  })

  it('is refused where a column stands twice', async () => {
    const found = await refusal({ 'a.csv': csv([...HEADERS.hospital, '所在地']) })
    match(found, /a\.csv has columns twice: 所在地$/u)
  })

  it('with fewer columns is taken for nothing in particular until someone says what it is', async () => {
    const text = csv(['ID', '正式名称', '所在地'], ['1310000', '架空病院', '東京都港区'])
    match(
      await refusal({ 'a.csv': text }),
      /a\.csv could be any of iryojohonet-hospital, .*: say which it is$/u,
    )
    const { rows, told } = await read({ 'a.csv': text }, { feed: 'iryojohonet-clinic' })
    deepEqual(Object.keys(rows[0]?.values ?? {}).sort(), [
      ...['address', 'address_search', 'institution_type', 'medical_id', 'name', 'name_search'],
      'prefecture_code',
    ])
    match(told.join(), /^COLUMNS_ABSENT 0 正式名称（フリガナ）: /u)
  })

  it('of another form than someone says is refused', async () => {
    const found = await refusal({ 'a.csv': csv(HEADERS.clinic) }, { feed: 'iryojohonet-hospital' })
    match(found, /a\.csv is not iryojohonet-hospital, but looks like iryojohonet-clinic$/u)
  })

  it('of hours is passed over with a word, beside others', async () => {
    const files = {
      '01-1_hospital_facility_info_20251201.csv': published(HEADERS.hospital, institution('hospital')),
      '01-2_hospital_speciality_hours_20251201.csv': published(HEADERS.hours, record('hours', { ID: '1' })),
      '05_pharmacy_20251201.csv': published(HEADERS.pharmacy, institution('pharmacy')),
    }
    const { rows, told, summary } = await read(files)
    deepEqual(
      rows.map(({ scope }) => scope),
      ['13-1', '13-5'],
    )
    match(told.join(), /^FILE_DECLINED 0 -: 医療情報ネット, specialities and hours/u)
    equal(summary.files.length, 2)
    const alone = await refusal({ 'a.csv': published(HEADERS.hours) })
    match(alone, /a\.csv: no file of a known form/u)
  })

  it('without headers that are known is refused', async () => {
    const found = await refusal({ 'a.csv': 'a,b\n1,2\n' })
    match(
      found,
      /^IMPORT_FORM_UNKNOWN a\.csv has none of the known forms; its first line has 2 values: a, b$/u,
    )
  })
})
