import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import { protectedColumns, type Layout } from '../core/layout.js'
import type { Interval } from '../core/segments.js'
import type { KeyHash } from './digest.js'
import {
  cloudEquals,
  cloudKeyTexts,
  type Fragment,
  givenKeys,
  isLocked,
  keyArrays,
  keyOfTable,
  tableOf,
  textOf,
  trackedWithin,
} from './fragments.js'
import { cloudHash } from './row-hash.js'
import type { Session } from './session.js'

/** Tracked rows that stand inside the comparison. */
export async function countTracked({ db }: Session, master: string): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*)::integer as count from master_sync.tracked_rows t
    where t.master = ${master} and t.outside is null`.execute(db)
  return rows[0]?.count ?? 0
}

/**
 * Whether the cloud table and the ledger hold nothing in the interval, so that the segment may be inserted whole.
 * An interval is compared by text, as the ledger orders keys.
 */
export async function isUntouched(
  { db }: Session,
  layout: Layout,
  master: string,
  interval: Interval,
): Promise<boolean> {
  const texts = cloudKeyTexts(layout)
  const row = sql`row(${sql.join(texts.map((text) => sql`${text} collate "C"`))})`
  const bound = (key: Key) => sql`row(${sql.join(key.map((value) => sql`${value}::text`))})`
  const { rows } = await sql<{ readonly touched: boolean }>`
    select exists (select from master_sync.tracked_rows t where ${trackedWithin(master, interval)})
      or exists (select from ${tableOf(layout.cloud.table)} c
        where ${interval.from === undefined ? sql`true` : sql`${row} >= ${bound(interval.from)}`}
          and ${interval.below === undefined ? sql`true` : sql`${row} < ${bound(interval.below)}`}) as touched`.execute(
    db,
  )
  return rows[0]?.touched === false
}

/** How many keys travel in one statement. */
const REFRESH_CHUNK = 10_000

/**
 * Of tracked rows that equal the source as it was read: what was applied becomes the hash that they are equal by, and
 * the bases are those of the columns that are protected now. Equality is looked at in the very statement that takes
 * the cloud's values for the source's: a row that someone edits meanwhile is left as it is. So is one that its lock
 * column locks, for nothing was looked at.
 * @param source the source's rows
 */
export async function refreshEqual(
  { db }: Session,
  layout: Layout,
  master: string,
  source: readonly KeyHash[],
): Promise<void> {
  const hash = cloudHash(layout).row
  const bases = equalBases(layout)
  const names = layout.key.map((_, index) => sql.id(`k${index + 1}`))
  for (let start = 0; start < source.length; start += REFRESH_CHUNK) {
    const chunk = source.slice(start, start + REFRESH_CHUNK)
    const keys = sql.join(
      keyArrays(
        layout,
        chunk.map(({ key }) => key),
      ),
    )
    await sql`
      update master_sync.tracked_rows t set applied = g.hash, declined = null, bases = ${bases}
      from (select ${keyOfTable(layout, 'k')} as key, k.hash
          from unnest(${keys}, ${chunk.map((row) => row.hash)}::bigint[]) k(${sql.join(names)}, hash)) g,
        ${tableOf(layout.cloud.table)} c
      where t.master = ${master} and t.key = g.key and ${cloudEquals(layout, sql`g.key`)} and t.outside is null
        and not ${isLocked(layout)} and ${hash} = g.hash
        and (t.applied <> g.hash or t.bases is distinct from ${bases})`.execute(db)
  }
}

/** The bases of a row whose image equals the source: where none is remembered, the cloud's value is the source's. */
function equalBases(layout: Layout): Fragment {
  const columns = protectedColumns(layout)
  if (columns.length === 0) return sql`null::jsonb`
  const names = columns.map(({ name }) => sql.lit(name))
  const values = columns.map(
    (column) =>
      sql`case when t.bases ? ${sql.lit(column.name)} then t.bases ->> ${sql.lit(column.name)} else ${textOf('c', column)} end`,
  )
  return sql`jsonb_object(array[${sql.join(names)}], array[${sql.join(values)}])`
}

/** Tracked rows of the interval that stand outside the comparison. */
export async function outsideKeys(
  { db }: Session,
  master: string,
  interval: Interval,
): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select t.key from master_sync.tracked_rows t where ${trackedWithin(master, interval)} and t.outside is not null`.execute(
    db,
  )
  return rows.map((row) => row.key)
}

/** Of the keys, those that are tracked, with why they stand outside the comparison. */
export async function trackedAmong(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<readonly { readonly key: Key; readonly outside: string | null }[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key; readonly outside: string | null }>`
    select t.key, t.outside
    from master_sync.tracked_rows t join ${givenKeys(layout, keys)}
      on t.key = g.key
    where t.master = ${master}`.execute(db)
  return rows
}
