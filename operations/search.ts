import { formatKey, keyFromDatabase, parseKey, type Key } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { SearchColumns } from '../core/search-columns.js'
import { searchWords } from '../core/search-words.js'
import { entriesInLedger, entriesInTable, type EntriesQuestion } from '../db/search-list.js'
import { presentKeys } from '../db/missing.js'
import { searchKeys } from '../db/search-rows.js'
import type { App } from './app.js'
import { seeMaster, seeRows, type SeenRow } from './seen-rows.js'

export interface RowsQuestion {
  /** Words as typed. */
  readonly text: string
  /** Values by column. */
  readonly chosen: Readonly<Record<string, string>>
  /** The id of the last row seen. */
  readonly behind: string | undefined
  readonly limit: number
}

export interface FoundRows {
  readonly columns: SearchColumns
  readonly notes: boolean
  readonly rows: readonly SeenRow[]
  /** Behind which there are more; undefined: these are the last. */
  readonly next: string | undefined
}

/** Rows of the source by part of a name and the like, in the order of their ids. @throws SyncError ID_INVALID */
export function searchRows(
  app: App,
  master: Master,
  { text, chosen, behind, limit }: RowsQuestion,
): Promise<FoundRows> {
  return app.onSource(master, async (source) => {
    const seen = await seeMaster(source, master)
    const words = searchWords(text)
    const filtered = Object.keys(chosen).length > 0
    const whole = filtered ? [] : await presentKeys(source, seen.source, wholeCodes(words, master))
    const keys =
      whole.length > 0 || (words.length === 0 && !filtered)
        ? whole
        : await searchKeys(source, seen.source, seen.columns, {
            words,
            chosen,
            behind: behind === undefined ? undefined : parseKey(behind, master.source.key),
            limit: limit + 1,
          })
    const shown = keys.slice(0, limit)
    const last = shown.at(-1)
    return {
      columns: seen.columns,
      notes: seen.notes,
      rows: await seeRows(app, source, master, seen, shown),
      next: keys.length > limit && last !== undefined ? formatKey(last) : undefined,
    }
  })
}

/**
 * Shorter, or without a digit, an id may as well be part of a name that is looked for. In ASCII, which every
 * encoding of a source can hold; others are found as beginnings of ids are.
 */
const CODE = /^(?=.*\d)[!-~]{5,}$/u

/** The one word as the id that it may be, which the index of the key finds in no time. */
function wholeCodes(words: readonly string[], { source }: Master): readonly Key[] {
  const codes = words.map((word) => word.normalize('NFKC')).filter((word) => CODE.test(word))
  return words.length === 1 && source.key.length === 1 ? codes.map((code) => parseKey(code, source.key)) : []
}

export interface ListQuestion extends Omit<EntriesQuestion, 'behind'> {
  readonly behind: { readonly id: string; readonly note: string | null } | undefined
}

export interface FoundEntries {
  readonly columns: SearchColumns
  readonly total: number
  readonly rows: readonly SeenRow[]
  readonly next: { readonly id: string; readonly note: string | null } | undefined
}

/** A page of the list, each entry with what its row is called. @throws SyncError ID_INVALID */
export function searchList(app: App, master: Master, question: ListQuestion): Promise<FoundEntries> {
  const { behind: last, limit } = question
  const behind =
    last === undefined ? undefined : { key: parseKey(last.id, master.source.key), note: last.note }
  const asked = { ...question, behind, limit: limit + 1 }
  return app.onSource(master, async (source) => {
    const seen = await seeMaster(source, master)
    const { total, entries } = await (seen.list === undefined
      ? app.onCloud(master, (cloud) => entriesInLedger(cloud, master.master, asked))
      : entriesInTable(source, seen.list, asked))
    const shown = entries.slice(0, limit)
    const end = entries.length > limit ? shown.at(-1) : undefined
    const rows = await seeRows(
      app,
      source,
      master,
      seen,
      shown.map(({ key }) => key),
    )
    return {
      columns: seen.columns,
      total,
      // As the list writes them, which may be otherwise than the source does.
      rows: rows.map((row, index) => ({ ...row, listed: { note: shown[index]?.note ?? null } })),
      next: end === undefined ? undefined : { id: formatKey(keyFromDatabase(end.key)), note: end.note },
    }
  })
}

/** The rows of some ids as typed, in their order. @throws SyncError ID_INVALID */
export function rowsOf(
  app: App,
  master: Master,
  ids: readonly string[],
): Promise<Pick<FoundRows, 'columns' | 'rows'>> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return app.onSource(master, async (source) => {
    const seen = await seeMaster(source, master)
    return { columns: seen.columns, rows: await seeRows(app, source, master, seen, keys) }
  })
}
