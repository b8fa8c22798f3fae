import type { ListEntry, Place } from '../core/target-list.js'
import { entryOf, invalid } from './entry.js'
import type { FormatOptions } from './list.js'

/** The name that a list of a key of one column may give it. */
const ID = 'id'

export const NOTE = 'note'

/** The fields that an entry was found to have. */
export interface Fields {
  readonly set: (name: string, text: string, place: Place) => 'set' | 'unknown' | 'twice'
  /** Forgets what an entry given up had. */
  readonly clear: () => void
  /** @throws SyncError LIST_INVALID */
  readonly entry: (start: Place) => ListEntry
}

/** Takes the fields of one entry after the other. */
export function fieldsOf(about: FormatOptions): Fields {
  const { columns, uri } = about
  const indexes = new Map(columns.map((name, index) => [name, index]))
  if (columns.length === 1 && !indexes.has(ID)) indexes.set(ID, 0)
  if (!indexes.has(NOTE)) indexes.set(NOTE, columns.length)
  let texts: (string | undefined)[] = []
  let place: Place | undefined
  const clear = (): void => {
    texts = []
    place = undefined
  }
  return {
    clear,
    set: (name, text, at) => {
      const index = indexes.get(name)
      if (index === undefined) return 'unknown'
      if (texts[index] !== undefined) return 'twice'
      texts[index] = text
      if (index === 0) place = at
      return 'set'
    },
    entry: (start) => {
      const [values, at] = [columns.map((_, index) => texts[index]), place ?? start]
      const note = texts[columns.length]
      clear()
      const missing = values.indexOf(undefined)
      if (missing >= 0) throw invalid(uri, start, `is an entry without ${columns[missing] ?? ID}`)
      return entryOf(values as string[], note ?? null, at, about)
    },
  }
}
