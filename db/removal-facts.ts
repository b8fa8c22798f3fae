import { sql } from 'kysely'
import { keyFromDatabase, type Key } from '../core/ids.js'
import { comparedColumns, protectedColumns, type DataColumn, type Layout } from '../core/layout.js'
import { isInCloud } from './digest.js'
import { cloudEquals, type Fragment, givenKeys, isLocked, tableOf, textOf } from './fragments.js'
import type { Outside } from './ledger.js'
import { isAwaited } from './replacement-state.js'
import { cloudHash, seenHash, valuesHash } from './row-hash.js'
import type { Session } from './session.js'

/** What the cloud says of a tracked row that should go. */
export interface RemovalFacts {
  readonly key: Key
  readonly inCloud: boolean
  readonly adopted: boolean
  /** By its lock column. */
  readonly locked: boolean
  /** People wrote in it what would go with it. */
  readonly edited: boolean
  /** Hash of all its values. */
  readonly values: string | null
  readonly outside: Outside | null
  /** It waits to give what it has to the row that takes its place. */
  readonly awaited: boolean
}

export async function removalFacts(
  { db }: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<readonly RemovalFacts[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<RemovalFacts>`
    select t.key, ${isInCloud(layout)} as "inCloud", t.origin = 'adopted' as adopted, t.outside,
      ${isLocked(layout)} as locked, ${hasEdits(layout)} as edited, ${isAwaited(master, sql`t.key`)} as awaited,
      case when ${isInCloud(layout)} then ${valuesHash(layout)} end as values
    from ${givenKeys(layout, keys)}
      join master_sync.tracked_rows t on t.master = ${master} and t.key = g.key
      left join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`t.key`)}`.execute(db)
  return rows.map((row) => ({ ...row, key: keyFromDatabase(row.key) }))
}

/**
 * Whether a cloud row `c`, tracked as `t`, holds what people wrote in protected columns, or in such as were protected
 * when it was last decided. Of a column that is protected only since, nothing is remembered: there the row's hash tells
 * whether it was touched at all.
 */
export function hasEdits(layout: Layout): Fragment {
  const protects = protectedColumns(layout)
  const edited = comparedColumns(layout).map(isKeptEdit)
  if (edited.length === 0) return sql`false`
  const touched = sql`((t.bases ?& ${protects.map(({ name }) => name)}::text[]) is not true
    and ${cloudHash(layout).row} <> ${seenHash(layout)})`
  return sql`(${sql.join(protects.length === 0 ? edited : [...edited, touched], sql` or `)})`
}

function isKeptEdit(column: DataColumn): Fragment {
  const name = sql.lit(column.name)
  const text = textOf('c', column)
  const edited = sql`(t.bases ? ${name} and ${text} collate "C" is distinct from t.bases ->> ${name})`
  return column.policy === 'fill_empty' ? sql`(${edited} and coalesce(${text}, '') <> '')` : edited
}
