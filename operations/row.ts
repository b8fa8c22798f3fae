import { SyncError } from '../core/errors.js'
import type { RowStory } from '../core/history.js'
import { parseKey, type Key } from '../core/ids.js'
import type { ColumnPolicy, Master } from '../core/master.js'
import type { TargetChange } from '../core/results.js'
import type { TableShape } from '../core/shape.js'
import { readTable } from '../db/catalog.js'
import { asKeyOf } from '../db/checks.js'
import { named } from '../db/read-layout.js'
import { readValues } from '../db/search-row.js'
import type { Session } from '../db/session.js'
import { keyColumns } from '../targets/table.js'
import type { App } from './app.js'
import { rowStory } from './history.js'
import { rowsOf, type FoundRows } from './search.js'
import { targetHistory } from './targets/history.js'

/** A column of one row, on both sides; undefined: that side has no such column, or no such row. */
export interface SideBySide {
  readonly column: string
  readonly policy: ColumnPolicy | 'key' | 'cloud'
  readonly source: string | null | undefined
  readonly cloud: string | null | undefined
}

/** One row as both sides have it, with what became of it. */
export interface WholeRow extends Pick<FoundRows, 'columns'> {
  readonly row: FoundRows['rows'][number]
  readonly cells: readonly SideBySide[]
  /** undefined: nothing has been done to it. */
  readonly story: RowStory | undefined
  readonly listed: readonly TargetChange[]
}

const CHANGES_SHOWN = 50

/** @param id as typed @throws SyncError ID_INVALID, ID_UNKNOWN where nothing knows the id */
export async function wholeRow(app: App, master: Master, id: string): Promise<WholeRow> {
  const key = parseKey(id, master.source.key)
  const { rows, columns } = await rowsOf(app, master, [id])
  const [row] = rows
  if (row === undefined) throw new SyncError('ID_UNKNOWN', id)
  const source = await app.onSource(master, (session) => valuesOn(session, 'source', master, key))
  const cloud = await app.onCloud(master, (session) => valuesOn(session, 'cloud', master, key))
  const story = await rowStory(app, master, id).catch((error: unknown) => {
    if (error instanceof SyncError && error.code === 'ID_UNKNOWN') return undefined
    throw error
  })
  const { changes } = await targetHistory(app, master, row.id, CHANGES_SHOWN)
  if (
    source.values === undefined &&
    cloud.values === undefined &&
    story === undefined &&
    changes.length === 0 &&
    row.listed === undefined
  )
    throw new SyncError('ID_UNKNOWN', `neither side has ${row.id}`)
  return {
    columns,
    row,
    cells: cellsOf(master, source, cloud),
    story: story && withoutExcluded(master, story),
    listed: changes,
  }
}

interface Side {
  readonly shape: TableShape
  readonly values: Readonly<Record<string, string | null>> | undefined
}

async function valuesOn(session: Session, side: 'source' | 'cloud', master: Master, key: Key): Promise<Side> {
  const shape = await readTable(session, side, named(master[side].table), master.master)
  const columns = keyColumns(shape, master.source.key)
  const shown = shape.columns.filter(({ name }) => !master.source.exclude.includes(name))
  return {
    shape,
    values: await readValues(session, { table: shape.table, key: columns }, asKeyOf(columns, key), shown),
  }
}

function cellsOf(master: Master, source: Side, cloud: Side): readonly SideBySide[] {
  const ours = source.shape.columns.map(({ name }) => name)
  const theirs = cloud.shape.columns.map(({ name }) => name)
  const names = [...new Set([...ours, ...theirs])].filter((name) => !master.source.exclude.includes(name))
  return names.map((column) => ({
    column,
    policy: policyOf(master, column, ours.includes(column)),
    source: source.values?.[column],
    cloud: cloud.values?.[column],
  }))
}

function policyOf({ source, columns }: Master, column: string, isOurs: boolean): SideBySide['policy'] {
  if (source.key.includes(column)) return 'key'
  return isOurs ? (columns[column] ?? 'overwrite') : 'cloud'
}

/** What was remembered of a column before it was excluded, or stands on-prem alone, is not told. */
function withoutExcluded({ source: { exclude } }: Master, story: RowStory): RowStory {
  const open = <T extends { readonly column: string }>(columns: readonly T[]): readonly T[] =>
    columns.filter(({ column }) => !exclude.includes(column))
  return {
    ...story,
    conflicts: open(story.conflicts),
    chapters: story.chapters.map((chapter) => ({
      ...chapter,
      columns: open(chapter.columns),
      ledger: chapter.ledger.map((change) => ({ ...change, decisions: open(change.decisions) })),
      left: chapter.left && { ...chapter.left, columns: open(chapter.left.columns) },
    })),
    imports: story.imports?.map((one) => ({ ...one, columns: open(one.columns) })) ?? null,
  }
}
