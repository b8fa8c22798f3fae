import type { Key } from './ids.js'

/** Where an entry stands, counted from 1: line and column of a text, row and column of a sheet, number (column 0) of an item. */
export interface Place {
  readonly line: number
  readonly column: number
}

/** An id and its note, with where the id stands in its list. */
export interface ListEntry {
  readonly key: Key
  readonly note: string | null
  readonly place: Place
}

/** What people should know of a list that was read all the same. */
export interface Remark {
  readonly kind: 'encoding' | 'headers' | 'columns' | 'sheets'
  readonly text: string
}

/** The form in which a place is told: `targets.yaml:3:17`, `dynamodb://ids item 12`. */
export function formatPlace(uri: string, { line, column }: Place): string {
  return column === 0 ? `${uri} item ${line}` : `${uri}:${line}:${column}`
}

/** A cell of a sheet as spreadsheets call it: row 12, column 2 is `B12`. */
export function cellName({ line, column }: Place): string {
  let letters = ''
  for (let rest = column; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  }
  return `${letters}${line}`
}
