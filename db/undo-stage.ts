import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { cloudEquals, tableOf, type Fragment } from './fragments.js'
import { rowTexts } from './remove-rows.js'
import { hasEdits } from './removal-facts.js'
import { cloudHash, seenHash } from './row-hash.js'
import type { Session } from './session.js'
import type { UndoContext } from './undo-context.js'

/** The rows of a batch: a temporary table, emptied at commit. */
export const UNDO = sql.id('pg_temp', 'undo')

/**
 * What is taken back together. Rows that came go first and rows that went come last, so that a value that only one row
 * may have is free again when its old owner takes it.
 */
export const PARTS = ['came', 'changed', 'went'] as const
export type Part = (typeof PARTS)[number]

/** Kinds of history; `new` stands for rows that the run inserted, which have no history but `since`. */
const KINDS = {
  came: ['restored', 'inserted'],
  changed: ['updated', 'marked', 'adopted', 'noted'],
  went: ['removed'],
} as const satisfies Readonly<Record<Part, readonly string[]>>

/** Once a session. */
export async function createUndoStage({ db }: Session): Promise<void> {
  await sql`drop table if exists pg_temp.undo`.execute(db)
  await sql`create temporary table undo (
    n bigint generated always as identity unique,
    -- What the run did, and the tracked row before it: null where there was none.
    key text[] collate "C" primary key, kind text, before jsonb, after jsonb, target jsonb,
    -- The tracked row now; whether another run has worked on the row since.
    tracked jsonb, later boolean,
    -- absent, held: locked by us; null: someone else holds it. The cloud row's texts, and whether it is as it was left.
    state text, now jsonb, untouched boolean, edited boolean,
    -- What becomes of it: the cells to write, those that stay, and why; then what was written.
    what text, write jsonb, stays jsonb, why text, written jsonb
  ) on commit delete rows`.execute(db)
}

/**
 * Stages what the run did to the next rows behind the cursor, as far as it is not taken back and this undo has not
 * looked at it: the history that it writes is its checkpoint.
 * @returns the last key; undefined where nothing is left
 */
export async function stageNext(
  { cloud, master, lease, chain: [run] }: UndoContext,
  part: Part,
  cursor: Key | undefined,
  limit: number,
): Promise<Key | undefined> {
  const open = (alias: string): Fragment => sql`${sql.id(alias)}.master = ${master}
    and ${cursor === undefined ? sql`true` : sql`${sql.id(alias)}.key > ${[...cursor]}::text[]`}
    and not exists (select from master_sync.row_history u
      where u.master = ${master} and u.key = ${sql.id(alias)}.key and u.run = ${lease.run})`
  const inserted = sql`
    (select t.key, 'new' as kind, null::jsonb as before, null::jsonb as after, null::jsonb as target
      from master_sync.tracked_rows t
      where ${open('t')} and t.since = ${run} and t.origin = 'synced'
        and not exists (select from master_sync.row_history h
          where h.master = ${master} and h.key = t.key and h.run = ${run})
      order by t.key limit ${limit})
    union all`
  await sql`
    with staged as (
      select w.* from (
        ${part === 'came' ? inserted : sql``}
        (select h.key, h.kind, h.before, h.after, h.tracked as target from master_sync.row_history h
          where ${open('h')} and h.run = ${run} and h.undone_by is null and h.kind = any(${[...KINDS[part]]}::text[])
          order by h.key limit ${limit})
      ) w order by w.key limit ${limit}
    )
    insert into ${UNDO} (key, kind, before, after, target, tracked, later)
    select w.key, w.kind, w.before, w.after, w.target, to_jsonb(t), ${isLater(master, run, lease.run)}
    from staged w left join master_sync.tracked_rows t on t.master = ${master} and t.key = w.key
    order by w.key`.execute(cloud.db)
  // See analyzeStage: without statistics the joins would run row by row.
  if (limit > 1) await sql`analyze pg_temp.undo (n, key)`.execute(cloud.db)
  const { rows } = await sql<{ readonly key: Key | null }>`
    select max(key) as key from ${UNDO}`.execute(cloud.db)
  return rows[0]?.key ?? undefined
}

/**
 * Whether the row `w` is in the hands of a later run: of one that is in effect, and not one that took such a run back
 * to the letter.
 */
function isLater(master: string, run: number, undo: number): Fragment {
  return sql`exists (
      select from master_sync.row_history l
      where l.master = ${master} and l.key = w.key and l.run > ${run} and l.run <> ${undo}
        and l.undone_by is null and l.kind <> 'left'
        and (l.left_alone is not null or not exists (
          select from master_sync.row_history o
          where o.master = ${master} and o.key = w.key and o.undone_by = l.run and o.run > ${run}))
    ) and not (w.kind = 'removed' and t.key is null) or coalesce(t.since > ${run}, false)`
}

/**
 * Locks the cloud rows of the batch, in key order, passing over those that someone else holds unless `patient`, and
 * notes what stands in them.
 */
export async function lockStaged(context: UndoContext, part: Part, patient: boolean): Promise<void> {
  const { cloud, layout, master } = context
  const { db } = cloud
  const table = tableOf(layout.cloud.table)
  // A row that is only changed may be referred to meanwhile.
  const lock = part === 'changed' ? sql`for no key update` : sql`for update`
  await sql`
    with locked as materialized (
      select u.n from ${UNDO} u join ${table} c on ${cloudEquals(layout, sql`u.key`)}
      order by u.key ${lock} of c ${patient ? sql`` : sql`skip locked`}
    )
    update ${UNDO} u set state = 'held' from locked l where l.n = u.n`.execute(db)
  // In a statement of its own: what the one that waited for a lock saw may be out of date.
  await sql`
    update ${UNDO} u set now = ${rowTexts(layout)}, untouched = t.key is not null and ${cloudHash(layout).row} = ${seenHash(layout)},
      edited = t.key is not null and ${hasEdits(layout)}
    from ${UNDO} v
      join ${table} c on ${cloudEquals(layout, sql`v.key`)}
      left join master_sync.tracked_rows t on t.master = ${master} and t.key = v.key
    where v.n = u.n and u.state = 'held'`.execute(db)
  await sql`
    update ${UNDO} u set state = 'absent'
    where u.state is null and not exists (select from ${table} c where ${cloudEquals(layout, sql`u.key`)})`.execute(
    db,
  )
}
