import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { listedScope } from './digest.js'
import { keyArray, sourceEquals, sourceKeyTexts, tableOf, textOf, type Fragment } from './fragments.js'
import { withListed } from './listed-ids.js'
import { sourceHash } from './row-hash.js'
import type { Session } from './session.js'
import { readSnapshot } from './snapshot.js'

/** A listed row of the source, as texts. */
export interface SourceRow {
  readonly key: readonly string[]
  readonly h: string
  readonly values: readonly (string | null)[]
}

/** A few rows as they are at the source, to be looked at before they are staged. */
export async function sourceRows(
  source: Session,
  cloud: Session,
  fitted: Layout,
  master: string,
  keys: readonly Key[],
): Promise<readonly SourceRow[]> {
  if (keys.length === 0) return []
  const layout = await withListed(cloud, master, fitted, { kind: 'keys', keys })
  const values = layout.columns.map((column) => textOf('s', column))
  return readSnapshot(source, layout, async () => {
    const { rows } = await sql<SourceRow>`
      with ${listedScope(layout, { kind: 'keys', keys })}
      select ${keyArray(sourceKeyTexts(layout))} as key, ${sourceHash(layout).row} as h,
        array[${sql.join(values)}]::text[] as values
      from listed l join ${tableOf(layout.source.table)} s on ${sourceEquals(layout, 'l')}`.execute(source.db)
    return rows
  })
}

/** The rows as a table `s` in the form of the stage; `all_values` holds them by column. */
export function asStaged(layout: Layout, rows: readonly SourceRow[]): Fragment {
  const names = layout.columns.map(({ name }) => name)
  const texts = layout.columns.map(
    (_, index) => sql`, r.values ->> ${sql.lit(index)} as ${sql.id(`c${index + 1}`)}`,
  )
  return sql`(
    select array(select jsonb_array_elements_text(r.key)) as key, r.h,
      jsonb_object(${names}::text[], array(select v from jsonb_array_elements_text(r.values) v)) as all_values
      ${sql.join(texts, sql``)}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) r(key jsonb, h bigint, values jsonb)) s`
}
