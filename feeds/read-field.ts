import type { FindingCode } from '../core/finding.js'
import type { Field } from './feed.js'

/** What a text was read as, or what is wrong with it: only `VALUE_DROPPED` leaves the rest of its record to be read. */
export interface ReadValue {
  readonly value: string | null
  readonly fault?: FindingCode
}

const NOTHING: ReadValue = { value: null }

// eslint-disable-next-line no-control-regex -- it is what is looked for
const UNSTORABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/u

export function readField(
  { required = false, places = false, max = 100, read }: Field,
  text: string,
): ReadValue {
  if (text === '' && !required) return NOTHING
  if (required && text.trim() === '') return { value: null, fault: 'VALUE_MISSING' }
  const fault = required || places ? 'VALUE_UNSTORABLE' : 'VALUE_DROPPED'
  if (text.length > max || UNSTORABLE.test(text)) return { value: null, fault }
  const value = read === undefined ? text : read(text)
  return value === undefined ? { value: null, fault } : { value }
}
