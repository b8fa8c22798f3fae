import { plannedTable } from './planned.js'
import { textColumn, type ColumnShape, type TableShape } from './shape.js'
import type { TableName } from './table-name.js'

/** What fills a column: a publication of the Ministry, or an import by what it compares. */
export type ColumnOrigin = 'iryojohonet' | 'kouseikyoku' | 'import'

interface DeclaredColumn {
  /** As `format_type` writes it. */
  readonly type: string
  readonly ja: string
  readonly en: string
  /** Nothing: it is the company's own. */
  readonly from: readonly ColumnOrigin[]
  /** The name of a person, which stays on-prem. */
  readonly personal?: true
}

export const MEDICAL_ORGS_KEY = ['medical_id'] as const

/** Beside the key. */
const NOT_NULL: readonly string[] = ['name']

const BOTH = ['iryojohonet', 'kouseikyoku'] as const
const NET = ['iryojohonet'] as const
const BUREAU = ['kouseikyoku'] as const
const IMPORT = ['import'] as const
const OWN = [] as const

const open = (ja: string, en: string) =>
  ({
    type: 'smallint',
    ja: `${ja}の診療・営業。1 あり、0 休み、空欄 未報告`,
    en: `open on ${en}: 1 yes, 0 no, empty not reported`,
    from: NET,
  }) as const

const beds = (ja: string, en: string) =>
  ({
    type: 'integer',
    ja: `${ja}。空欄は未報告で、0 床ではない`,
    en: `${en}; empty: not reported, which is not 0`,
    from: NET,
  }) as const

const searchForm = (ja: string, en: string, from: readonly ColumnOrigin[]) =>
  ({
    type: 'text',
    ja: `${ja}の検索用の形（表記ゆれを除いたもの）`,
    en: `search form of ${en}`,
    from,
  }) as const

/** The on-prem table of medical institutions, for both publications: what one of them lacks may be null. */
const MEDICAL_ORGS = {
  medical_id: {
    type: 'text',
    ja: '医療機関の ID。公表元により医療情報ネットの ID、または都道府県 2 桁・点数表 1 桁・医療機関番号 7 桁のコード',
    en: 'id: that of 医療情報ネット, or the code of 10 digits of 地方厚生局 (prefecture, fee table, number), by publication',
    from: BOTH,
  },
  institution_type: {
    type: 'smallint',
    ja: '機関区分。1 病院、2 診療所、3 歯科診療所、4 助産所、5 薬局。地方厚生局の医科は空欄',
    en: 'kind: 1 hospital, 2 clinic, 3 dentist, 4 maternity home, 5 pharmacy; empty for 医科 of 地方厚生局',
    from: BOTH,
  },
  name: { type: 'text', ja: '正式名称（公表のまま）', en: 'name, as published', from: BOTH },
  name_kana: { type: 'text', ja: '正式名称のフリガナ', en: 'reading of the name', from: NET },
  short_name: { type: 'text', ja: '略称', en: 'short name', from: NET },
  short_name_kana: { type: 'text', ja: '略称のフリガナ', en: 'reading of the short name', from: NET },
  name_romaji: { type: 'text', ja: '英語表記（ローマ字表記）', en: 'name in Latin letters', from: NET },
  prefecture_code: { type: 'text', ja: '都道府県コード（2 桁）', en: 'prefecture, 2 digits', from: BOTH },
  city_code: {
    type: 'text',
    ja: '市区町村コード（3 桁）',
    en: 'municipality within the prefecture, 3 digits',
    from: NET,
  },
  postal_code: { type: 'text', ja: '郵便番号（123-4567）', en: 'postal code (123-4567)', from: BUREAU },
  address: { type: 'text', ja: '所在地（公表のまま）', en: 'address, as published', from: BOTH },
  latitude: { type: 'numeric(9,6)', ja: '緯度（度）', en: 'latitude in degrees', from: NET },
  longitude: { type: 'numeric(9,6)', ja: '経度（度）', en: 'longitude in degrees', from: NET },
  phone: { type: 'text', ja: '電話番号', en: 'telephone', from: BUREAU },
  url: { type: 'text', ja: '案内用ホームページアドレス', en: 'web site', from: NET },
  open_monday: open('月曜日', 'Mondays'),
  open_tuesday: open('火曜日', 'Tuesdays'),
  open_wednesday: open('水曜日', 'Wednesdays'),
  open_thursday: open('木曜日', 'Thursdays'),
  open_friday: open('金曜日', 'Fridays'),
  open_saturday: open('土曜日', 'Saturdays'),
  open_sunday: open('日曜日', 'Sundays'),
  open_holidays: open('祝日', 'public holidays'),
  other_closed_days: {
    type: 'text',
    ja: 'その他の休診日・閉店日（GW、お盆など）',
    en: 'other days on which it is closed, in words',
    from: NET,
  },
  open_weeks: {
    type: 'text',
    ja: '第 1 から第 5 週の曜日別の診療。週ごとに月曜日から 7 文字、空白区切り。1 あり、0 休み、- 未報告',
    en: 'open by day in the 1st to 5th week of a month: 7 characters a week from Monday, blanks between; 1 yes, 0 no, - not reported',
    from: NET,
  },
  opening_hours: {
    type: 'jsonb',
    ja: '診療・営業の時間帯。曜日 mon から sun と祝日 hol ごとに、開始と終了の組',
    en: 'hours by day, mon to sun and hol for public holidays: pairs of from and until',
    from: NET,
  },
  beds_general: beds('一般病床', 'general beds'),
  beds_long_term: beds('療養病床', 'long-term care beds'),
  beds_long_term_medical: beds(
    '療養病床のうち医療保険適用',
    'of the long-term care beds, those under medical insurance',
  ),
  beds_long_term_care: beds(
    '療養病床のうち介護保険適用',
    'of the long-term care beds, those under nursing-care insurance',
  ),
  beds_psychiatric: beds('精神病床', 'psychiatric beds'),
  beds_tuberculosis: beds('結核病床', 'tuberculosis beds'),
  beds_infectious: beds('感染症病床', 'beds for infectious diseases'),
  beds_total: beds('合計病床数', 'beds in all'),
  is_emergency: { type: 'boolean', ja: '救急告示病院', en: 'designated emergency hospital', from: OWN },
  remarks: { type: 'text', ja: '備考', en: 'remarks', from: OWN },
  opened_on: { type: 'date', ja: '開設年月日', en: 'day of opening', from: OWN },
  founder_name: {
    type: 'text',
    ja: '開設者氏名（個人情報。オンプレから出さない）',
    en: 'founder (a personal name, which stays on-prem)',
    from: BUREAU,
    personal: true,
  },
  administrator_name: {
    type: 'text',
    ja: '管理者氏名（個人情報。オンプレから出さない）',
    en: 'administrator (a personal name, which stays on-prem)',
    from: BUREAU,
    personal: true,
  },
  name_search: searchForm('正式名称', 'the name, without differences of writing', BOTH),
  kana_search: searchForm('フリガナ', 'the reading, without differences of writing', NET),
  address_search: searchForm('所在地', 'the address, without differences of writing', BOTH),
  closed_on: {
    type: 'date',
    ja: '公表から消えた日（掲載がなくなったファイルの時点日）。空欄は掲載中',
    en: 'day of the file in which it was no longer published; empty: it is published',
    from: IMPORT,
  },
  successor_medical_id: {
    type: 'text',
    ja: '後継と思われる医療機関の medical_id',
    en: 'medical_id of what seems to have taken its place',
    from: IMPORT,
  },
  successor_reason: { type: 'text', ja: '後継と判断した理由', en: 'why it seems so', from: IMPORT },
  matched_id: {
    type: 'text',
    ja: 'もう一方の公表元での同じ医療機関の ID。一つに定まるときだけ',
    en: 'id of the same institution in the other publication, where exactly one matches',
    from: IMPORT,
  },
} as const satisfies Readonly<Record<string, DeclaredColumn>>

export type MedicalOrgsColumn = keyof typeof MEDICAL_ORGS

/** By which people look for institutions. */
export const MEDICAL_ORGS_SEARCHED: readonly MedicalOrgsColumn[] = [
  'name_search',
  'kana_search',
  'address_search',
  'prefecture_code',
  'institution_type',
]

export const MEDICAL_ORGS_COMMENT =
  '医療機関マスタ（厚生労働省の公表データによる） / medical institutions, from what the Ministry of Health publishes'

/** A declared column with what its table is made from. */
export interface NamedColumn extends DeclaredColumn {
  readonly name: string
  readonly notNull: boolean
}

/** In the order of the table. */
export const MEDICAL_ORGS_COLUMNS: readonly NamedColumn[] = Object.entries<DeclaredColumn>(MEDICAL_ORGS).map(
  ([name, column]) => ({ ...column, name, notNull: NOT_NULL.includes(name) }),
)

/** The table before it is there. */
export function medicalOrgsShape(table: TableName): TableShape {
  const columns = MEDICAL_ORGS_COLUMNS.map(({ name, type }): ColumnShape => ({
    ...textColumn(name),
    type,
    family: type === 'text' ? 'text' : undefined,
  }))
  return plannedTable(table, columns, MEDICAL_ORGS_KEY)
}
