import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import { givenKeys, type Keyed } from './fragments.js'
import { noteHash } from './list-stage.js'
import type { Session } from './session.js'
import type { ChangedBy } from './target-entries.js'

/** An entry that a person put into the on-prem table, or changed there. */
export interface HandEntry {
  readonly key: Key
  readonly what: 'added' | 'changed'
  readonly note: string | null
}

/** Notes what a person has just written into the table. */
export async function noteByHand(
  { db }: Session,
  master: string,
  { key, what, note }: HandEntry,
  notes: boolean,
  { run, by }: ChangedBy,
): Promise<void> {
  const kept = notes ? note : null
  await sql`
    with noted as (
      insert into master_sync.target_entries (master, key, list, note, note_hash, added_by, run)
      values (${master}, ${[...key]}::text[], ${TABLE_LIST}, ${kept}, ${noteHash(sql`${note}::text`)}, ${by}, ${run})
      on conflict (master, key, list) do update set note = excluded.note, note_hash = excluded.note_hash
    )
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by)
    select ${master}, ${[...key]}::text[], ${TABLE_LIST}, 'changed', ${kept}::text, ${run}::bigint, ${by}::text
    where ${what === 'changed'}`.execute(db)
}

/** Notes which entries a person has just taken out of the table, or from what stands there by hand. */
export async function noteRemovedByHand(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys: readonly Key[],
  { run, by }: ChangedBy,
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    with removed as (
      delete from master_sync.target_entries e using ${givenKeys(keyed, keys)}
      where e.master = ${master} and e.key = g.key and e.list = ${TABLE_LIST}
      returning e.key, e.note, e.since, e.added_by
    )
    insert into master_sync.target_changes (master, key, list, what, note, run, changed_by, added_at, added_by)
    select ${master}, key, ${TABLE_LIST}, 'removed', note, ${run}, ${by}, since, added_by from removed`.execute(
    db,
  )
}

/** Which lists name an id: their URIs, or `table`. Of all ids, or of those given. */
export async function namingLists(
  { db }: Session,
  keyed: Keyed,
  master: string,
  keys?: readonly Key[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (keys?.length === 0) return new Map()
  const given = keys === undefined ? sql`true` : sql`e.key in (select key from ${givenKeys(keyed, keys)})`
  const { rows } = await sql<{ readonly key: string[]; readonly lists: readonly string[] }>`
    select e.key, array_agg(e.list order by e.list) as lists
    from master_sync.target_entries e
    where e.master = ${master} and e.pending is distinct from 'leave' and ${given} group by e.key`.execute(db)
  return new Map(rows.map(({ key, lists }) => [formatKey(keyFromDatabase(key)), lists]))
}
