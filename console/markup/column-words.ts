import { prefectureName } from '../../core/prefectures.js'
import type { Say } from '../request/language.js'

const COLUMNS: Readonly<Record<string, { readonly ja: string; readonly en: string }>> = {
  name: { ja: '名称', en: 'Name' },
  name_kana: { ja: 'フリガナ', en: 'Reading' },
  institution_type: { ja: '種別', en: 'Type' },
  prefecture_code: { ja: '都道府県', en: 'Prefecture' },
  address: { ja: '所在地', en: 'Address' },
  phone: { ja: '電話', en: 'Telephone' },
  postal_code: { ja: '郵便番号', en: 'Postal code' },
  closed_on: { ja: '廃止日', en: 'Closed on' },
  medical_id: { ja: 'コード', en: 'Code' },
}

/** What people call a column. */
export function columnWord(say: Say, column: string): string {
  const { ja, en } = COLUMNS[column] ?? { ja: column, en: column }
  return say(ja, en)
}

const TYPES = [
  { ja: '病院', en: 'Hospital' },
  { ja: '診療所', en: 'Clinic' },
  { ja: '歯科診療所', en: 'Dentist' },
  { ja: '助産所', en: 'Maternity home' },
  { ja: '薬局', en: 'Pharmacy' },
] as const

/** What stands for a value where people choose or read it. */
export function valueWord(say: Say, column: string, value: string): string {
  if (column === 'prefecture_code') return prefectureName(value) ?? value
  const type = column === 'institution_type' ? TYPES[Number(value) - 1] : undefined
  return type === undefined ? value : say<string>(type.ja, type.en)
}

const PREFECTURES = Array.from({ length: 47 }, (_, index) => String(index + 1).padStart(2, '0'))

/** The values that a column may have; undefined: any. */
export function choicesOf(column: string): readonly string[] | undefined {
  if (column === 'prefecture_code') return PREFECTURES
  return column === 'institution_type' ? TYPES.map((_, index) => String(index + 1)) : undefined
}
