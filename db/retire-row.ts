import { sql } from 'kysely'
import { formatKey, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { MARKS, REPLACED } from '../core/own-columns.js'
import { cloudEquals, givenKeys, tableOf } from './fragments.js'
import { dropRejects } from './rejects.js'
import type { Texts } from './replace-cells.js'
import { rememberReplaced } from './replace-history.js'
import type { ReplaceContext, RowState } from './replace-state.js'
import { inSavepoint } from './savepoint.js'
import type { Session } from './session.js'

/**
 * The old row stays, outside the comparison, and marked with its successor where rows are marked. No run looks at it any
 * more: its conflicts are nobody's to decide.
 * @returns whether it was marked
 */
export async function retire(
  { cloud, layout, master, lease }: ReplaceContext,
  { key, inCloud, locked, tracked }: RowState,
  newKey: Key,
): Promise<boolean> {
  const marks =
    layout.cloud.marks && inCloud && !locked ? await markReplaced(cloud, layout, key, newKey) : undefined
  await rememberReplaced(cloud, layout, master, lease.run, {
    key,
    kind: marks === undefined ? 'noted' : 'marked',
    before: marks?.before ?? {},
    after: marks?.after ?? {},
    tracked,
  })
  await sql`
    update master_sync.tracked_rows set outside = 'replaced', conflicts = null, altered = null
    where master = ${master} and key = ${[...key]}::text[]`.execute(cloud.db)
  await dropRejects(cloud, master, [key])
  return marks !== undefined
}

interface Marks {
  readonly before: Texts
  readonly after: Texts
}

/** Since when a row was marked before stays. A row that the table will not have marked stands without. */
async function markReplaced(
  session: Session,
  layout: Layout,
  key: Key,
  newKey: Key,
): Promise<Marks | undefined> {
  const [at, reason] = [sql.id(MARKS.at.name), sql.id(MARKS.reason.name)]
  const cells = (row: string) => sql`
    jsonb_build_object(${sql.lit(MARKS.at.name)}, ${sql.id(row)}.${at}::text, ${sql.lit(MARKS.reason.name)}, ${sql.id(row)}.${reason}::text)`
  const attempt = await inSavepoint(
    session,
    async () => {
      const { rows } = await sql<Marks>`
        with was as (
          select g.key, ${cells('c')} as before
          from ${givenKeys(layout, [key])} join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`g.key`)}
        )
        update ${tableOf(layout.cloud.table)} c set ${at} = coalesce(c.${at}, clock_timestamp()),
          ${reason} = ${REPLACED + formatKey(newKey)}
        from was where ${cloudEquals(layout, sql`was.key`)}
        returning was.before, ${cells('c')} as after`.execute(session.db)
      return rows
    },
    (rows) => rows.length === 1,
  )
  return attempt.ok ? attempt.value[0] : undefined
}
