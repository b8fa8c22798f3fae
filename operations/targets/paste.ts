import { formatKey, parseKey, type Key } from '../../core/ids.js'
import type { Master } from '../../core/master.js'
import { isSpreadsheetNumber } from '../../core/spreadsheet-number.js'
import { SyncError } from '../../core/errors.js'
import { presentKeys, suggest } from '../../db/missing.js'
import type { Session } from '../../db/session.js'
import type { App } from '../app.js'
import { seeMaster, seeRows, type SeenMaster, type SeenRow } from '../seen-rows.js'
import { isAsIn } from './at-once.js'
import { closedAmong } from './doubtful-ids.js'

/**
 * good: may be added · listed: is on the list · meant: another id is probably meant · closed · number: a spreadsheet
 * made a number of it · unknown: not in the source · invalid: no id at all
 */
export type PastedState = 'good' | 'listed' | 'meant' | 'closed' | 'number' | 'unknown' | 'invalid'

/** An id of a pasted column. */
export interface PastedId {
  readonly line: number
  readonly typed: string
  readonly state: PastedState
  /** What is probably meant, or has taken its place. */
  readonly instead: string | null
  /** What the row is called: its own, or that of the one instead. */
  readonly row: SeenRow | undefined
}

export interface Pasted {
  readonly columns: SeenMaster['columns']
  /** Whether the list keeps notes. */
  readonly notes: boolean
  /** Each once. */
  readonly ids: readonly PastedId[]
  /** How many stood there again. */
  readonly again: number
}

/** More are given as a file. */
export const MOST_PASTED = 5_000

interface Typed {
  readonly line: number
  readonly typed: string
  readonly key: Key | undefined
}

/**
 * Looks at a column of ids as a spreadsheet gives it, before anything is written.
 * @returns undefined where they are too many
 */
export async function lookAtPasted(app: App, master: Master, text: string): Promise<Pasted | undefined> {
  const { typed, again } = readPasted(master, text)
  if (typed.length > MOST_PASTED) return undefined
  return app.onSource(master, async (source) => {
    const seen = await seeMaster(source, master)
    const ids = await lookAt(app, source, master, seen, typed)
    return { columns: seen.columns, notes: seen.notes, ids, again }
  })
}

async function lookAt(
  app: App,
  source: Session,
  master: Master,
  seen: SeenMaster,
  typed: readonly Typed[],
): Promise<readonly PastedId[]> {
  const keys = typed.flatMap(({ key }) => (key === undefined ? [] : [key]))
  const written = keys.filter((key) => isAsIn(seen.source.key, key))
  const present = new Set((await presentKeys(source, seen.source, written)).map(formatKey))
  const absent = keys.filter((key) => !present.has(formatKey(key)))
  const meant = await suggest(source, seen.source, absent)
  const closed = await closedAmong(source, seen.shape, master, written)
  const instead = (id: string): string | null => meant.get(id) ?? closed.get(id)?.successor ?? null
  const shown = new Map(keys.flatMap((key) => [key, ...insteadOf(key)]).map((key) => [formatKey(key), key]))
  const rows = await seeRows(app, source, master, seen, [...shown.values()])
  const byId = new Map(rows.map((row) => [row.id, row]))
  return typed.map(({ line, typed: text, key }) => {
    if (key === undefined) return { line, typed: text, state: 'invalid', instead: null, row: undefined }
    const id = formatKey(key)
    const other = instead(id)
    return { line, typed: id, state: stateOf(id), instead: other, row: byId.get(other ?? id) }
  })

  function insteadOf(key: Key): readonly Key[] {
    const id = instead(formatKey(key))
    return id === null ? [] : [parseKey(id, master.source.key)]
  }

  function stateOf(id: string): PastedState {
    if (byId.get(id)?.listed !== undefined) return 'listed'
    if (closed.has(id)) return 'closed'
    if (present.has(id)) return 'good'
    if (isSpreadsheetNumber(id)) return 'number'
    return meant.has(id) ? 'meant' : 'unknown'
  }
}

/** The first cells of each line make up the key; the name of its column above it is none. */
function readPasted(
  { source: { key } }: Master,
  text: string,
): { readonly typed: readonly Typed[]; readonly again: number } {
  const seen = new Set<string>()
  const typed: Typed[] = []
  let again = 0
  for (const [index, line] of text.split(/\r\n|\r|\n/u).entries()) {
    const cells = line.split('\t').map((cell) => cell.trim())
    const id =
      cells.length >= key.length && key.length > 1 ? formatKey(cells.slice(0, key.length)) : (cells[0] ?? '')
    if (id === '' || (index === 0 && id.toLowerCase() === key.join(',').toLowerCase())) continue
    if (seen.has(id)) again += 1
    else typed.push({ line: index + 1, typed: id, key: keyOf(id, key) })
    seen.add(id)
  }
  return { typed, again }
}

function keyOf(id: string, columns: readonly string[]): Key | undefined {
  try {
    return parseKey(id, columns)
  } catch (error) {
    if (error instanceof SyncError) return undefined
    throw error
  }
}
