import type { Notes } from './feed.js'
import { spreadsheetSign } from './damage.js'

/** 5 to 13 characters, and nothing else is common to all prefectures. */
const FORM = /^[0-9A-Za-z]{5,13}$/u

/**
 * How many digits the ids of a prefecture have, where zeros can be lost and all of the ids in digits that were seen have as
 * many. Others are not put right: which digits they had is not certain.
 */
const LENGTHS: Readonly<Record<string, number>> = {
  '01': 13,
  '02': 13,
  '03': 11,
  '04': 9,
  '05': 13,
  '06': 12,
  '07': 13,
  '08': 12,
  '09': 13,
}

/** The id as it is, or was before a spreadsheet took its zero; null where it was rejected. */
export function checkedId(id: string, prefecture: string, notes: Notes): string | null {
  const sign = spreadsheetSign(id)
  if (sign !== undefined) notes.sign(sign, 'medical_id')
  if (!FORM.test(id)) return notes.reject('ID_FORM', 'medical_id')
  const length = LENGTHS[prefecture]
  if (length === undefined || !/^\d+$/u.test(id)) return id
  if (id.startsWith('0')) {
    notes.sign('whole', 'medical_id')
    return id
  }
  notes.sign('zero', 'medical_id')
  if (!notes.repair) {
    notes.warn('ZERO_LOST', 'medical_id')
    return id
  }
  const whole = `0${id}`
  if (whole.length !== length || !whole.startsWith(prefecture))
    return notes.reject('ID_UNCERTAIN', 'medical_id')
  notes.warn('ZERO_RESTORED', 'medical_id')
  return whole
}
