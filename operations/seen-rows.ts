import { formatKey, type Key } from '../core/ids.js'
import type { Master } from '../core/master.js'
import { searchColumns, type SearchColumns } from '../core/search-columns.js'
import type { TableShape } from '../core/shape.js'
import { readTable } from '../db/catalog.js'
import { asKeyOf } from '../db/checks.js'
import type { ListTable } from '../db/list-table.js'
import { presentKeys, type SourceKey } from '../db/missing.js'
import { named } from '../db/read-layout.js'
import { listedInLedger, listedInTable } from '../db/search-list.js'
import { readShown } from '../db/search-rows.js'
import type { Session } from '../db/session.js'
import { keyColumns } from '../targets/table.js'
import type { App } from './app.js'
import { openTable } from './targets/open.js'

/** A row as people choose it: what tells it apart, whether it is listed, whether the cloud has it. */
export interface SeenRow {
  readonly id: string
  /** By column; null: the source lacks the row. */
  readonly values: Readonly<Record<string, string | null>> | null
  /** The day on which it was found closed, and what took its place. */
  readonly closed: string | null
  readonly successor: string | null
  /** undefined: it is not listed, or the list cannot be asked. */
  readonly listed: { readonly note: string | null } | undefined
  /** undefined: the cloud cannot be asked. */
  readonly inCloud: boolean | undefined
}

/** A master as its rows are looked for. */
export interface SeenMaster {
  readonly shape: TableShape
  readonly source: SourceKey
  readonly columns: SearchColumns
  readonly list: ListTable | undefined
  /** Whether the list keeps notes. */
  readonly notes: boolean
}

export async function seeMaster(source: Session, master: Master): Promise<SeenMaster> {
  const shape = await readTable(source, 'source', named(master.source.table), master.master)
  const { table: list } = await openTable(source, master)
  return {
    shape,
    source: { table: shape.table, key: keyColumns(shape, master.source.key) },
    columns: searchColumns(master, shape),
    list,
    notes: list?.hasNote ?? master.targets.notes,
  }
}

const CLOSED = 'closed_on'

/** The rows of the keys, in their order. */
export async function seeRows(
  app: App,
  session: Session,
  master: Master,
  seen: SeenMaster,
  keys: readonly Key[],
): Promise<readonly SeenRow[]> {
  if (keys.length === 0) return []
  const { source, columns, list } = seen
  const stored = keys.map((key) => asKeyOf(source.key, key))
  const has = (name: string): boolean =>
    seen.shape.columns.some((column) => column.name === name) && !master.source.exclude.includes(name)
  const successor = `successor_${master.source.key.join('_')}`
  const wanted = [...new Set([...columns.show, ...[CLOSED, successor].filter(has)])]
  const found = byId(await readShown(session, source, stored, wanted))
  const there = list === undefined ? undefined : byId(await listedInTable(session, list, stored))
  const cloud = await app
    .onCloud(master, async (other) => ({
      listed: there ?? byId(await listedInLedger(other, master.master, source, stored)),
      present: await presentInCloud(other, master, stored),
    }))
    // What the source has is found while the cloud is away.
    .catch(() => undefined)
  const listed = there ?? cloud?.listed
  return stored.map((key, index) => {
    const id = formatKey(key)
    const row = found.get(id)
    const values =
      row === undefined ? null : Object.fromEntries(wanted.map((name, at) => [name, row.values[at] ?? null]))
    const entry = listed?.get(id)
    return {
      id: row === undefined ? formatKey(keys[index] ?? key) : id,
      values,
      closed: values?.[CLOSED] ?? null,
      successor: values?.[successor] ?? null,
      listed: entry === undefined ? undefined : { note: entry.note },
      inCloud: cloud?.present.has(id),
    }
  })
}

async function presentInCloud(
  cloud: Session,
  master: Master,
  keys: readonly Key[],
): Promise<ReadonlySet<string>> {
  const { table, columns } = await readTable(cloud, 'cloud', named(master.cloud.table))
  const key = master.source.key.flatMap((name) => columns.filter((column) => column.name === name))
  return new Set((await presentKeys(cloud, { table, key }, keys)).map(formatKey))
}

function byId<T extends { readonly key: Key }>(rows: readonly T[]): ReadonlyMap<string, T> {
  return new Map(rows.map((row) => [formatKey(row.key), row]))
}
