import { hasCheckDigit } from '../core/check-digit.js'
import { prefectureName } from '../core/prefectures.js'
import { spreadsheetSign } from './damage.js'
import type { Completed, Fields, Known, Notes } from './feed.js'

/** The lists of 医科, 歯科 and 調剤 have the same form: which one a file is, people say with the feed's name. */
export interface Category {
  readonly name: string
  readonly word: string
  readonly english: string
  /** 点数表番号, which the published codes lack. */
  readonly digit: string
  /** 機関区分 of 医療情報ネット, where the list holds one only: 医科 has hospitals and clinics. */
  readonly type: string | null
}

/** Digits of a code that has so many, with the zeros put back that it lost, where that is wanted. */
export function whole(digits: string, length: number, field: string, notes: Notes): string | null {
  const sign = spreadsheetSign(digits)
  if (sign !== undefined) notes.sign(sign, field)
  if (!/^\d+$/u.test(digits) || digits.length > length) return notes.reject('ID_FORM', field)
  const short = digits.length < length
  if (short || digits.startsWith('0')) notes.sign(short ? 'zero' : 'whole', field)
  if (short && !notes.repair) return notes.reject('ID_FORM', field)
  return digits.padStart(length, '0')
}

export interface Code {
  readonly prefecture: string
  readonly number: string
  /** Where it stands. */
  readonly field: string
}

/** What a code and the fields beside it mean; nothing without a code. */
export function completed(
  code: Code | null,
  { digit, type, name: category }: Category,
  fields: Fields,
  notes: Notes,
): Completed | null {
  if (code === null) return null
  const { prefecture, number, field } = code
  if (prefectureName(prefecture) === undefined) return notes.reject('PREFECTURE_INVALID', field)
  const id = `${prefecture}${digit}${number}`
  if (!hasCheckDigit(id)) notes.warn('CHECK_DIGIT', field)
  return {
    scope: `${prefecture}-${category}`,
    values: {
      medical_id: id,
      prefecture_code: prefecture,
      institution_type: type,
      postal_code: postalCode(fields, notes),
    },
  }
}

/** What is known of a record that was rejected. */
export function known(code: Code | null, { digit, name: category }: Category): Known | null {
  if (code === null || prefectureName(code.prefecture) === undefined) return null
  const { prefecture, number } = code
  return { scope: `${prefecture}-${category}`, values: { medical_id: `${prefecture}${digit}${number}` } }
}

/** Always of seven digits, so that it is certain which zeros are gone. */
function postalCode(fields: Fields, notes: Notes): string | null {
  const digits = fields.get('postal_code')
  if (digits === null) return null
  if (digits.length < 7 && !notes.repair) {
    notes.drop('VALUE_DROPPED', 'postal_code')
    return null
  }
  const whole = digits.padStart(7, '0')
  return `${whole.slice(0, 3)}-${whole.slice(3)}`
}
