import { SyncError } from '../core/errors.js'
import { formatKey, keyFromTyped } from '../core/ids.js'
import { formatPlace, type ListEntry, type Place } from '../core/target-list.js'
import { MAX_TEXT, type FormatOptions, type WrittenEntry } from './list.js'

/** Something at a place of a list that cannot be read exactly. */
export function invalid(uri: string, place: Place, message: string, cause?: unknown): SyncError {
  return new SyncError('LIST_INVALID', `${formatPlace(uri, place)} ${message}`, { cause })
}

/** The same where it is known what to do about it. */
export function mendable(uri: string, place: Place, message: string, remedy: string): SyncError {
  return new SyncError('LIST_INVALID', `${formatPlace(uri, place)} ${message}`, { remedy })
}

/**
 * An entry as a person typed it.
 * @param values of the key's columns, in their order
 * @throws SyncError LIST_INVALID with the place
 */
export function entryOf(
  values: readonly string[],
  note: string | null,
  place: Place,
  { uri, columns }: FormatOptions,
): ListEntry {
  const fault = faultOf(values, note)
  if (fault !== undefined) throw invalid(uri, place, fault)
  try {
    return { key: keyFromTyped(values, columns, 'the entry'), note: note === '' ? null : note, place }
  } catch (error) {
    throw error instanceof SyncError ? invalid(uri, place, error.message, error) : error
  }
}

/** What a text of PostgreSQL cannot hold, or nobody means. */
function faultOf(values: readonly string[], note: string | null): string | undefined {
  for (const value of values) {
    if (value.length > MAX_TEXT) return `has an id of more than ${MAX_TEXT} characters`
    if (LONE_SURROGATE.test(value)) return 'has an id that holds half a character'
  }
  if (note === null) return undefined
  if (note.length > MAX_TEXT) return `has a note of more than ${MAX_TEXT} characters`
  if (note.includes('\0')) return 'has a note that holds a NUL character'
  return LONE_SURROGATE.test(note) ? 'has a note that holds half a character' : undefined
}

const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * An id that reading would give back otherwise is not written: blanks at its ends would be trimmed.
 * @throws SyncError LIST_INVALID
 */
export function checkWritable(uri: string, { key, note }: WrittenEntry): void {
  const changed = key.some((value) => value === '' || value !== value.trim())
  const fault = changed ? 'has an id that is empty, or has blanks at an end' : faultOf(key, note)
  if (fault === undefined) return
  throw new SyncError(
    'LIST_INVALID',
    `${uri} was not written: the entry ${JSON.stringify(formatKey(key))} ${fault}`,
  )
}
