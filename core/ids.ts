import { parse } from 'csv-parse/sync'
import { SyncError } from './errors.js'

declare const minted: unique symbol

/**
 * The values of the key columns of one row, as text, in the order of `source.key`.
 * Never through a number: ids have leading zeros, letters, and exceed 2^53.
 */
export type Key = readonly string[] & { readonly [minted]: 'Key' }

/** A key as a database gave it. */
export function keyFromDatabase(values: readonly string[]): Key {
  return values as Key
}

/**
 * An id as a person typed it: the key itself, or one CSV record where the key has several columns.
 * Trimmed, otherwise kept exactly.
 * @throws SyncError ID_INVALID
 */
export function parseKey(text: string, columns: readonly string[]): Key {
  // What stands in quotes in a record keeps its blanks.
  const values = columns.length === 1 ? [text.trim()] : parseRecord(text, columns)
  return checked(values, columns, `the id ${JSON.stringify(text)}`)
}

/**
 * The values of a key as a person typed them, each by itself: in cells of a sheet, or behind the names of its columns.
 * @param what how the id is called in errors
 * @throws SyncError ID_INVALID
 */
export function keyFromTyped(values: readonly string[], columns: readonly string[], what: string): Key {
  return checked(
    values.map((value) => value.trim()),
    columns,
    what,
  )
}

function checked(values: readonly string[], columns: readonly string[], what: string): Key {
  for (const [index, value] of values.entries()) {
    if (value === '') throw new SyncError('ID_INVALID', `${what} has no ${columns[index] ?? 'value'}`)
    if (value.includes('\0')) throw new SyncError('ID_INVALID', `${what} holds a NUL character`)
  }
  return values as unknown as Key
}

function parseRecord(text: string, columns: readonly string[]): readonly string[] {
  let records: string[][]
  try {
    records = parse(text, { trim: true, relax_column_count: true })
  } catch (cause) {
    throw new SyncError('ID_INVALID', `the id ${JSON.stringify(text)} is not a CSV record`, { cause })
  }
  const record = records[0] ?? []
  if (records.length !== 1 || record.length !== columns.length) {
    throw new SyncError(
      'ID_INVALID',
      `the id ${JSON.stringify(text)} has ${record.length} value(s); the key has ${columns.length} columns: ${columns.join(', ')}`,
    )
  }
  return record
}

/** The form in which a key is shown and typed. */
export function formatKey(key: readonly string[]): string {
  if (key.length === 1) return key[0] ?? ''
  return key.map((value) => (NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value)).join(',')
}

/** What `parseKey` would read otherwise than it stands: delimiters, and blanks at either end, which it trims. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/u

const HYPHENS = /[\u002d\u2010-\u2015\u2212\u30fc\uff0d\uff70]/gu

/** The characters that `fold` takes out, as a PostgreSQL regular expression in ASCII, which every encoding can hold. */
export const FOLDED_AWAY = '[-\\u2010-\\u2015\\u2212\\u30fc\\uff0d\\uff70\\s]'

/**
 * What ids have in common that people take for the same: width, case, hyphens, spaces, leading zeros.
 * Only for suggestions ("did you mean"); nothing is ever folded silently.
 */
export function fold(value: string): string {
  return value
    .normalize('NFKC')
    .toLowerCase()
    .replace(HYPHENS, '')
    .replace(/\s/gu, '')
    .replace(/^0+(?=.)/u, '')
}
