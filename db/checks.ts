import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { listedScope } from './digest.js'
import { keyOfTable, sourceKeyTexts, tableOf, isValueOf } from './fragments.js'
import type { Session } from './session.js'
import { trackedAmong } from './tracked.js'

/** @throws SyncError PERMISSION_DENIED with the grants that are missing */
export async function checkPermissions(source: Session, cloud: Session, layout: Layout): Promise<void> {
  const read = [...layout.key.map((key) => key.source.name), ...layout.columns.map((column) => column.name)]
  const listed = layout.key.map((key) => key.list.name)
  await demand(source, layout.source.table, 'select', read)
  await demand(source, layout.list.table, 'select', listed)
  const written = [...layout.key.map((key) => key.cloud.name), ...layout.columns.map((column) => column.name)]
  await demand(cloud, layout.cloud.table, 'select', written)
  await demand(cloud, layout.cloud.table, 'insert', written)
  await demand(
    cloud,
    layout.cloud.table,
    'update',
    layout.columns.filter((c) => c.policy === 'overwrite').map((c) => c.name),
  )
  await demand(cloud, layout.cloud.table, 'delete', [])
}

async function demand(
  { db, side }: Session,
  table: TableName,
  privilege: string,
  columns: readonly string[],
): Promise<void> {
  const { rows } = await sql<{
    readonly role: string
    readonly denied: string[] | null
    readonly whole: boolean
  }>`
    select current_user as role, has_table_privilege(c.oid, ${privilege}) as whole,
      (select array_agg(x) from unnest(${[...columns]}::text[]) x
        where ${privilege} <> 'delete' and not has_column_privilege(c.oid, x, ${privilege})) as denied
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = ${table.schema} and c.relname = ${table.name}`.execute(db)
  const [row] = rows
  if (row === undefined || row.whole || (privilege !== 'delete' && row.denied === null)) return
  const which = row.denied === null ? '' : ` (${row.denied.map(quoteName).join(', ')})`
  throw new SyncError(
    'PERMISSION_DENIED',
    `the role ${row.role} may not ${privilege} on the ${side} ${formatTableName(table)}${which}`,
    {
      remedy: `grant ${privilege}${which} on ${formatTableName(table)} to ${quoteName(row.role)};`,
    },
  )
}

/** Where no index says that the key is unique, the data must. */
export async function checkKeys({ db }: Session, layout: Layout): Promise<void> {
  if (!layout.source.uniqueByData) return
  const texts = sql.join(sourceKeyTexts(layout))
  // A row without a key, as an outer join of a view may give, is no list's.
  const present = layout.key.map(({ source }) => sql`s.${sql.id(source.name)} is not null`)
  const { rows } = await sql<{ readonly key: Key }>`
    select array[${texts}] as key from ${tableOf(layout.source.table)} s
    where ${sql.join(present, sql` and `)}
    group by ${texts} having count(*) > 1 limit 3`.execute(db)
  if (rows.length === 0) return
  const ids = rows.map((row) => formatKey(row.key)).join(', ')
  throw new SyncError(
    'KEY_NOT_UNIQUE',
    `the source ${formatTableName(layout.source.table)} holds several rows of the same key: ${ids}`,
    {
      remedy: 'Make the view give one row a key, or choose a key that is unique.',
    },
  )
}

/** @throws SyncError ID_UNKNOWN for keys of `--only` that are neither listed nor tracked */
export async function checkOnly(
  source: Session,
  cloud: Session,
  layout: Layout,
  master: string,
  keys: readonly Key[],
): Promise<void> {
  for (const key of keys) {
    const wrong = layout.key.find((column, index) => !isValueOf(column.cloud, key[index] ?? ''))
    if (wrong !== undefined)
      throw new SyncError(
        'ID_INVALID',
        `${formatKey(key)} cannot be a value of ${quoteName(wrong.cloud.name)} (${wrong.cloud.type})`,
      )
  }
  const { rows } = await sql<{ readonly key: Key }>`
    with ${listedScope(layout, { kind: 'keys', keys })} select ${keyOfTable(layout, 'l')} as key from listed l`.execute(
    source.db,
  )
  const tracked = await trackedAmong(cloud, layout, master, keys)
  const known = new Set([...rows, ...tracked].map((row) => formatKey(row.key)))
  const unknown = keys.map(formatKey).filter((id) => !known.has(id))
  if (unknown.length > 0)
    throw new SyncError(
      'ID_UNKNOWN',
      `neither on the target list nor in the cloud: ${unknown.slice(0, 20).join(', ')}`,
    )
}
