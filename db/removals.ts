import { sql } from 'kysely'
import { formatKey, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import type { RemovalCause } from '../core/master.js'
import { listedScope } from './digest.js'
import { isPresent, keyOfTable, sourceEquals, tableOf } from './fragments.js'
import type { Session } from './session.js'

export interface Removal {
  readonly key: Key
  readonly cause: RemovalCause
}

/**
 * Of the keys those that the cloud should not hold: off the list, or without a row. Looks at no values: of a listed row
 * they may be such as cannot be read.
 */
export async function removalsAmong(
  { db }: Session,
  layout: Layout,
  keys: readonly Key[],
): Promise<readonly Removal[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: Key; readonly present: boolean }>`
    with ${listedScope(layout, { kind: 'keys', keys })}
    select ${keyOfTable(layout, 'l')} as key, ${isPresent(layout)} as present
    from listed l left join ${tableOf(layout.source.table)} s on ${sourceEquals(layout, 'l')}`.execute(db)
  const listed = new Map(rows.map((row) => [formatKey(row.key), row.present]))
  return keys.flatMap((key): Removal[] => {
    const present = listed.get(formatKey(key))
    if (present === true) return []
    return [{ key, cause: present === false ? 'gone' : 'untargeted' }]
  })
}
