import type { Declined, Feed, Field } from './feed.js'
import { coordinate, count, flag, formed, name, sameNames, text } from './readers.js'
import { complete, known } from './iryojohonet-meaning.js'
import { openingHours, WEEKDAYS } from './opening.js'

const COMMON: readonly Field[] = [
  { ...name('medical_id', 'ID'), read: (id) => id.trim() },
  name('name', '正式名称', '名称'),
  text('name_kana', '正式名称（フリガナ）', 'フリガナ'),
  text('name_romaji', '英語表記（ローマ字表記）'),
  text('institution_type', '機関区分'),
  text('prefecture_code', '都道府県コード'),
  formed('city_code', /^\d{3}$/u, '市区町村コード'),
  { ...text('address', '所在地'), max: 255, needed: true },
  coordinate('latitude', '所在地座標（緯度）'),
  coordinate('longitude', '所在地座標（経度）'),
  { ...text('url', '案内用ホームページアドレス', '薬局のホームページアドレス'), max: 2000 },
]

const COORDINATES = ['latitude', 'longitude']

const SHORT_NAMES = [text('short_name', '略称'), text('short_name_kana', '略称（フリガナ）')]

/** 休診 or 休業 in its headers, and yet 1 says that it is open, 0 that it is not. */
function days(closed: string): readonly Field[] {
  return [
    ...WEEKDAYS.map(({ word, english }) => flag(`open_${english}`, `毎週決まった曜日に${closed}（${word}）`)),
    flag('open_holidays', `祝日に${closed}`),
    text('other_closed_days', `その他の${closed}日（gw、お盆等）`),
    ...[1, 2, 3, 4, 5].flatMap((week) =>
      WEEKDAYS.map(({ word, english }) =>
        flag(`week_${week}_${english}`, `決まった週に${closed}（定期週）第${week}週（${word}）`),
      ),
    ),
  ]
}

const BEDS_OF_CLINICS = [
  count('beds_general', '一般病床'),
  count('beds_long_term', '療養病床'),
  count('beds_long_term_medical', '療養病床のうち医療保険適用'),
  count('beds_long_term_care', '療養病床のうち介護保険適用'),
  count('beds_total', '合計病床数'),
]

const BEDS = [
  ...BEDS_OF_CLINICS,
  count('beds_psychiatric', '精神病床'),
  count('beds_tuberculosis', '結核病床'),
  count('beds_infectious', '感染症病床'),
]

/** 営業日 is meant as it says: 1 is a day of business. Of 定期閉店 no document says which way it reads. */
const BUSINESS_DAYS = [
  ...WEEKDAYS.map(({ word, english }) => flag(`open_${english}`, `営業日（${word}）`)),
  flag('open_holidays', '営業日（祝）'),
  text('other_closed_days', 'その他の閉店日（gw、お盆等）'),
]

interface Kind extends Pick<Feed, 'title' | 'recognise'> {
  readonly name: string
  /** 機関区分. */
  readonly type: string
  readonly fields: readonly Field[]
  /** What the headers of the hours call them, and how many there are of a day. */
  readonly hours?: { readonly word: string; readonly bands: number }
  readonly passes?: RegExp
}

const { ID, NAME } = { ID: 'ID', NAME: '正式名称' }

const KINDS: readonly Kind[] = [
  {
    name: 'iryojohonet-hospital',
    type: '1',
    title: { ja: '医療情報ネット 病院', en: '医療情報ネット, hospitals' },
    recognise: { kind: 'headers', has: [ID, NAME, '精神病床'] },
    fields: [...SHORT_NAMES, ...days('休診'), ...BEDS],
  },
  {
    name: 'iryojohonet-clinic',
    type: '2',
    title: { ja: '医療情報ネット 診療所', en: '医療情報ネット, clinics' },
    recognise: { kind: 'headers', has: [ID, NAME, '一般病床'], lacks: ['精神病床'] },
    fields: [...SHORT_NAMES, ...days('休診'), ...BEDS_OF_CLINICS],
  },
  {
    name: 'iryojohonet-dental',
    type: '3',
    title: { ja: '医療情報ネット 歯科診療所', en: '医療情報ネット, dentists' },
    recognise: { kind: 'headers', has: [ID, NAME, '毎週決まった曜日に休診（月）'], lacks: ['一般病床'] },
    fields: [...SHORT_NAMES, ...days('休診')],
  },
  {
    name: 'iryojohonet-maternity',
    type: '4',
    title: { ja: '医療情報ネット 助産所', en: '医療情報ネット, maternity homes' },
    recognise: { kind: 'headers', has: [ID, NAME, '毎週決まった曜日に休業（月）'] },
    fields: [...SHORT_NAMES, ...days('休業')],
    hours: { word: '就業時間帯', bands: 3 },
    passes: /外来受付時間帯/u,
  },
  {
    name: 'iryojohonet-pharmacy',
    type: '5',
    title: { ja: '医療情報ネット 薬局', en: '医療情報ネット, pharmacies' },
    recognise: { kind: 'headers', has: [ID, '名称', '営業日（月）'] },
    fields: BUSINESS_DAYS,
    hours: { word: '開店時間帯', bands: 4 },
    passes: /^(?:定期閉店.+|祝日)$/u,
  },
]

export const IRYOJOHONET: readonly Feed[] = KINDS.map(feedOf)

/** 診療科目 and hours: several records a facility, which are no rows of a master. */
export const SPECIALITY_HOURS: Declined = {
  title: {
    ja: '医療情報ネット 診療科・診療時間票(機関ごとに複数行のため、マスタには取り込みません)',
    en: '医療情報ネット, specialities and hours: several records a facility, which are no rows of a master',
  },
  has: [ID, '診療科目コード', '診療時間帯'],
}

function feedOf(kind: Kind): Feed {
  const bands = kind.hours === undefined ? undefined : openingHours(kind.hours.word, kind.hours.bands)
  const fields = [...COMMON, ...kind.fields]
  const weekly = fields.filter(({ field }) => field.startsWith('week_'))
  return {
    ...kind,
    publication: 'iryojohonet',
    fields: [...fields, ...(bands?.fields ?? [])],
    columns: {
      ...sameNames(fields.filter((field) => !weekly.includes(field))),
      ...(weekly.length === 0 ? {} : { open_weeks: 'week_1_monday' }),
      ...(bands === undefined ? {} : { opening_hours: 'mon_1_from' }),
      ...{ prefecture_code: null, institution_type: null },
    },
    made: {
      ...{ latitude: COORDINATES, longitude: COORDINATES, open_weeks: namesOf(weekly) },
      ...(bands === undefined ? {} : { opening_hours: namesOf(bands.fields) }),
    },
    complete: (values, notes) => {
      const completed = complete(values, kind.type, notes)
      if (completed === null || bands === undefined) return completed
      return { ...completed, values: { ...completed.values, opening_hours: bands.read(values) } }
    },
    known: (values, notes) => known(values, kind.type, notes),
  }
}

function namesOf(fields: readonly Field[]): readonly string[] {
  return fields.map(({ field }) => field)
}
