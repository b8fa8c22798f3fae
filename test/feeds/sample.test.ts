import { deepEqual, equal } from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readPaths, type Read } from './reading.js'

/** Files as published; not part of the project, so a clone may lack them. */
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const SAMPLE = 'iryojohonet_hospital_20250601_raw65col_sample.csv'
const STRIPPED = 'iryojohonet_hospital_20250601_7col.csv.gz'
const LIST = 'kouseikyoku_ika_202209.csv.gz'

const NO_BEDS = {
  beds_general: null,
  beds_long_term: null,
  beds_long_term_medical: null,
  beds_long_term_care: null,
  beds_psychiatric: null,
  beds_tuberculosis: null,
  beds_infectious: null,
  beds_total: null,
}

function open(days: string): Readonly<Record<string, string>> {
  const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'holidays']
  return Object.fromEntries(names.map((name, index) => [`open_${name}`, days[index] ?? '']))
}

const YEAR_END = '01月01日，01月02日，01月03日，12月29日，12月30日，12月31日'
const EVERY_WEEK = '1111111 1111111 1111111 1111111 1111111'

/** What is in the eight records, read by eye. */
const EXPECTED: readonly Readonly<Record<string, string | null>>[] = [
  {
    medical_id: '0111010000010',
    institution_type: '1',
    name: '札幌医科大学附属病院',
    name_kana: 'サッポロイカダイガクフゾクビョウイン',
    short_name: '札医大',
    short_name_kana: 'サツイダイ',
    name_romaji: 'Sapporo Medical University Hospital',
    prefecture_code: '01',
    city_code: '101',
    address: '北海道札幌市中央区南１条西１６丁目２９１番地',
    latitude: '43.055405',
    longitude: '141.333497',
    url: 'https://web.sapmed.ac.jp/hospital/',
    ...open('11111000'),
    open_weeks: EVERY_WEEK,
    other_closed_days: YEAR_END,
    ...{ ...NO_BEDS, beds_general: '816', beds_psychiatric: '32', beds_total: '848' },
    name_search: '札幌医科大学付属病院',
    kana_search: 'サッポロイカダイガクフゾクビョウイン',
    address_search: '北海道札幌市中央区南1条西16-291',
  },
  {
    medical_id: '0111010000020',
    institution_type: '1',
    name: '市立札幌病院',
    name_kana: 'シリツサッポロビョウイン',
    short_name: '市立札幌病院',
    short_name_kana: 'シリツサッポロビョウイン',
    name_romaji: 'Sapporo City General Hospital',
    prefecture_code: '01',
    city_code: '101',
    address: '北海道札幌市中央区北１１条西１３丁目１番１号',
    latitude: null,
    longitude: null,
    url: 'http://www.city.sapporo.jp/hospital/',
    ...open('11111000'),
    open_weeks: EVERY_WEEK,
    other_closed_days: YEAR_END,
    ...{ ...NO_BEDS, beds_general: '626', beds_psychiatric: '38', beds_infectious: '8', beds_total: '672' },
    name_search: '市立札幌病院',
    kana_search: 'シリツサッポロビョウイン',
    address_search: '北海道札幌市中央区北11条西13-1-1',
  },
  {
    medical_id: '0111010000260',
    institution_type: '1',
    name: '医療法人同仁会札幌南病院',
    name_kana: 'イリョウホウジンドウジンカイサッポロミナミビョウイン',
    short_name: '札幌南病院',
    short_name_kana: 'サッポロミナミビョウイン',
    name_romaji: 'Sapporo Minami Hospital',
    prefecture_code: '01',
    city_code: '106',
    address: '北海道札幌市南区石山東７丁目１番２８号',
    latitude: '42.954504',
    longitude: '141.343797',
    url: 'http://www.zion-g.jp/sapporominami/',
    ...open('11111100'),
    open_weeks: EVERY_WEEK,
    other_closed_days: `${YEAR_END}（改行）土曜日は通院透析のみ受付`,
    ...NO_BEDS,
    ...{ beds_general: '50', beds_long_term: '50', beds_long_term_medical: '50', beds_total: '100' },
    name_search: '医療法人同仁会札幌南病院',
    kana_search: 'イリョウホウジンドウジンカイサッポロミナミビョウイン',
    address_search: '北海道札幌市南区石山東7-1-28',
  },
  {
    medical_id: '0111010000340',
    institution_type: '1',
    name: '特定医療法人　平成会　平成会病院',
    name_kana: 'トクテイイリョウホウジン　ヘイセイカイ　　ヘイセイカイビョウイン',
    short_name: '平成会病院',
    short_name_kana: 'ヘイセイカイビョウイン',
    name_romaji: 'Heiseikai Hospital',
    prefecture_code: '01',
    city_code: '101',
    address: '北海道札幌市中央区北１条西１８丁目１番１',
    latitude: null,
    longitude: null,
    url: 'http://www.heisei-hospital.jp',
    ...open('11111000'),
    open_weeks: '1111100 1111100 1111100 1111100 1111100',
    other_closed_days: YEAR_END,
    ...{ ...NO_BEDS, beds_general: '82', beds_total: '82' },
    name_search: '特定医療法人平成会平成会病院',
    kana_search: 'トクテイイリョウホウジンヘイセイカイヘイセイカイビョウイン',
    address_search: '北海道札幌市中央区北1条西18-1-1',
  },
  {
    medical_id: '4111415900570',
    institution_type: '1',
    name: '医療法人社団　　敬愛会　　佐賀記念病院',
    name_kana: 'イリョウホウジンシャダン　ケイアイカイ　　サガキネンビョウイン',
    short_name: '佐賀記念病院',
    short_name_kana: 'サガキネンビョウイン',
    name_romaji: 'Saga Memorial Hospital',
    prefecture_code: '41',
    city_code: '201',
    address: '佐賀県佐賀市高木瀬町長瀬１２４０－１',
    latitude: '33.293072',
    longitude: '130.282569',
    url: 'http://sagakinen.jp/',
    ...open('11111111'),
    open_weeks: EVERY_WEEK,
    other_closed_days: null,
    ...NO_BEDS,
    ...{ beds_general: '120', beds_long_term: '57', beds_long_term_medical: '57', beds_long_term_care: '0' },
    ...{ beds_psychiatric: '0', beds_total: '177' },
    name_search: '医療法人社団敬愛会佐賀記念病院',
    kana_search: 'イリョウホウジンシャダンケイアイカイサガキネンビョウイン',
    address_search: '佐賀県佐賀市高木瀬町長瀬1240-1',
  },
  {
    medical_id: '421hgo0001',
    institution_type: '1',
    name: '郡家病院',
    name_kana: 'グンゲビョウイン',
    short_name: null,
    short_name_kana: null,
    name_romaji: 'GUNGEBYOUIN',
    prefecture_code: '42',
    city_code: '211',
    address: '長崎県五島市末広町１番地９',
    latitude: '32.695788',
    longitude: '128.843134',
    url: 'https://www.gunge-hp.jp',
    ...open('11111100'),
    open_weeks: null,
    other_closed_days: null,
    ...NO_BEDS,
    ...{ beds_general: '50', beds_long_term: '0', beds_psychiatric: '0', beds_tuberculosis: '0' },
    ...{ beds_infectious: '0', beds_total: '50' },
    name_search: '郡家病院',
    kana_search: 'グンゲビョウイン',
    address_search: '長崎県五島市末広町1-9',
  },
  {
    medical_id: '47187',
    institution_type: '1',
    name: '重症心身障害児（者）施設　沖縄療育園',
    name_kana: 'オキナワリョウイクエン',
    short_name: null,
    short_name_kana: null,
    name_romaji: 'OkinawaRyoikuen',
    prefecture_code: '47',
    city_code: '208',
    address: '沖縄県浦添市字経塚７１４番地',
    latitude: null,
    longitude: null,
    url: null,
    ...open('11111000'),
    open_weeks: null,
    other_closed_days: null,
    ...{ ...NO_BEDS, beds_general: '100' },
    name_search: '重症心身障害児(者)施設沖縄療育園',
    kana_search: 'オキナワリョウイクエン',
    address_search: '沖縄県浦添市経塚714',
  },
  {
    medical_id: '471c0008',
    institution_type: '1',
    name: '平安病院',
    name_kana: 'ヒラヤスビョウイン',
    short_name: null,
    short_name_kana: null,
    name_romaji: 'hirayasubyouin',
    prefecture_code: '47',
    city_code: '208',
    address: '沖縄県浦添市経塚３４６番地',
    latitude: '26.235107',
    longitude: '127.724224',
    url: 'www.heian-hp.or.jp',
    ...open('11111000'),
    open_weeks: null,
    other_closed_days: '8月1日(創立記念日)（改行）年末年始12月30日～1月3日',
    ...NO_BEDS,
    ...{ beds_general: null, beds_long_term: '84', beds_long_term_medical: '84', beds_psychiatric: '309' },
    beds_total: '393',
    name_search: '平安病院',
    kana_search: 'ヒラヤスビョウイン',
    address_search: '沖縄県浦添市経塚346',
  },
]

describe("the ministry's own files", () => {
  before(function () {
    if (process.env['CI'] !== undefined) this.skip()
    if ([SAMPLE, STRIPPED, LIST].every((name) => existsSync(DATA + name))) return
    process.stderr.write('    skipped: the published files are not beside this clone\n')
    this.skip()
  })

  const own = (name: string, options = {}): Promise<Read> => readPaths([{ name, path: DATA + name }], options)

  it('the 65 columns of hospitals arrive field by field', async () => {
    const { rows, summary, told } = await own(SAMPLE)
    deepEqual(
      rows.map(({ values }) => values),
      EXPECTED,
    )
    deepEqual(
      rows.map(({ line, scope }) => `${line} ${scope}`),
      ['2 01-1', '3 01-1', '4 01-1', '5 01-1', '6 41-1', '7 42-1', '8 47-1', '9 47-1'],
    )
    deepEqual(told, [])
    deepEqual(
      summary.files.map(({ feed, asOf }) => [feed, asOf]),
      [['iryojohonet-hospital', '2025-06-01']],
    )
  })

  it('the file that lost its zeros is refused, and put right on request where that is certain', async () => {
    const refused = await own(STRIPPED, { feed: 'iryojohonet-hospital' }).catch((error: unknown) => error)
    equal(
      String(refused),
      `SyncError: ${STRIPPED} was saved by a spreadsheet: 1198 rows have lost the zero that their codes begin with (line 2: 111010000010)`,
    )
    const { rows, summary } = await own(STRIPPED, { feed: 'iryojohonet-hospital', repair: true })
    equal(summary.findings.counts.ZERO_RESTORED, 1197)
    equal(summary.findings.counts.ID_UNCERTAIN, 1)
    const sample = EXPECTED.map(({ medical_id }) => medical_id)
    deepEqual(
      rows.map(({ values }) => values['medical_id']).filter((id) => sample.includes(id ?? null)),
      sample,
    )
  })

  it('a national list has all of its rows, and some check digits that do not agree', async () => {
    const { rows, summary } = await own(LIST, { feed: 'kouseikyoku-ika' })
    equal(rows.length, 97_604)
    deepEqual(summary.findings.counts, { CHECK_DIGIT: 18 })
    equal(new Set(rows.map(({ scope }) => scope)).size, 47)
    deepEqual(summary.files[0]?.asOf, '2022-09-01')
  })
})
