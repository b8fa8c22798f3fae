const DAYS = ['月', '火', '水', '木', '金', '土', '日']
const DAYS_AND_HOLIDAYS = [...DAYS, '祝']
const WEEKS = [1, 2, 3, 4, 5]

const NAMES = [
  'ID',
  '正式名称',
  '正式名称（フリガナ）',
  '略称',
  '略称（フリガナ）',
  '英語表記（ローマ字表記）',
]
const PLACE = [
  '機関区分',
  '都道府県コード',
  '市区町村コード',
  '所在地',
  '所在地座標（緯度）',
  '所在地座標（経度）',
]

function closedDays(word: string): readonly string[] {
  return [
    ...DAYS.map((day) => `毎週決まった曜日に${word}（${day}）`),
    ...WEEKS.flatMap((week) => DAYS.map((day) => `決まった週に${word}（定期週）第${week}週（${day}）`)),
    `祝日に${word}`,
    `その他の${word}日（gw、お盆等）`,
  ]
}

function hours(word: string, bands: readonly number[]): readonly string[] {
  return bands.flatMap((band) =>
    DAYS_AND_HOLIDAYS.flatMap((day) => ['開始', '終了'].map((end) => `${day}_${word}${band}_${end}時間`)),
  )
}

const URL = '案内用ホームページアドレス'
const LONG_TERM = ['療養病床', '療養病床のうち医療保険適用', '療養病床のうち介護保険適用']
const DENTAL = [...NAMES, ...PLACE, URL, ...closedDays('休診')]

/** The headers of the ministry's files, in its order. */
export const HEADERS = {
  hospital: [...DENTAL, ...['一般病床', ...LONG_TERM, '精神病床', '結核病床', '感染症病床', '合計病床数']],
  clinic: [...DENTAL, '一般病床', ...LONG_TERM, '合計病床数'],
  dental: DENTAL,
  maternity: [
    ...NAMES,
    ...PLACE,
    URL,
    ...closedDays('休業'),
    ...hours('就業時間帯', [1, 2, 3]),
    ...hours('外来受付時間帯', [1, 2, 3]),
  ],
  pharmacy: [
    ...['ID', '名称', 'フリガナ', '英語表記（ローマ字表記）'],
    ...PLACE,
    '薬局のホームページアドレス',
    ...DAYS_AND_HOLIDAYS.map((day) => `営業日（${day}）`),
    ...DAYS_AND_HOLIDAYS.map((day) => `定期閉店毎週（${day}）`),
    ...['１', '２', '３', '４', '５'].flatMap((week) => DAYS.map((day) => `定期閉店第${week}週（${day}）`)),
    ...['祝日', 'その他の閉店日（gw、お盆等）'],
    ...hours('開店時間帯', [1, 2, 3, 4]),
  ],
  hours: [
    ...['ID', '診療科目コード', '診療科目名', '診療時間帯'],
    ...DAYS_AND_HOLIDAYS.flatMap((day) => [`${day}_診療開始時間`, `${day}_診療終了時間`]),
    ...DAYS_AND_HOLIDAYS.flatMap((day) => [`${day}_外来受付開始時間`, `${day}_外来受付終了時間`]),
  ],
  filings: [
    ...['項番', '都道府県コード', '都道府県名', '受理届出名称', '医療機関番号', '併設医療機関番号'],
    ...[
      '医療機関記号番号',
      '医療機関名称',
      '医療機関所在地（郵便番号）',
      '医療機関所在地（住所）',
      '電話番号',
    ],
    ...[
      'FAX番号',
      '病床数',
      '受理記号',
      '受理番号',
      '算定開始年月日',
      '個別有効開始年月日',
      '備考（見出し）',
    ],
    '備考（データ）',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

type Form = keyof typeof HEADERS

/** A record of a form: what it is given by header, and nothing elsewhere. */
export function record(form: Form, values: Readonly<Record<string, string>>): readonly string[] {
  const headers: readonly string[] = HEADERS[form]
  const unknown = Object.keys(values).filter((header) => !headers.includes(header))
  if (unknown.length > 0) throw new Error(`no such headers: ${unknown.join(', ')}`)
  return headers.map((header) => values[header] ?? '')
}

/** An invented institution of 医療情報ネット, with whatever is to be otherwise. */
export function institution(
  form: Exclude<Form, 'hours' | 'filings'>,
  values: Readonly<Record<string, string>> = {},
): readonly string[] {
  const type = { hospital: '1', clinic: '2', dental: '3', maternity: '4', pharmacy: '5' }[form]
  const name = form === 'pharmacy' ? '名称' : '正式名称'
  return record(form, {
    ...{
      ID: '1311310000010',
      [name]: '架空第一',
      機関区分: type,
      都道府県コード: '13',
      市区町村コード: '101',
    },
    ...{
      所在地: '東京都千代田区架空町１丁目２番３号',
      '所在地座標（緯度）': '35.7',
      '所在地座標（経度）': '139.7',
    },
    ...values,
  })
}

/** As the ministry writes: a byte order mark, everything quoted but coordinates. */
export function published(...records: readonly (readonly string[])[]): string {
  return `\ufeff${csv(...records)}`
}

export function csv(...records: readonly (readonly string[])[]): string {
  return records
    .map((values) => values.map((value) => (/^\d+\.\d+$/u.test(value) ? value : quoted(value))).join(','))
    .map((line) => `${line}\n`)
    .join('')
}

function quoted(value: string): string {
  return `"${value.replaceAll('"', '""')}"`
}
