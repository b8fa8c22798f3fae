import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { UNTRANSLATABLE_CHARACTER } from '../core/sqlstate.js'
import { listedScope, type Scope } from './digest.js'
import { isUnconvertible } from './failures.js'
import { keyArray, sourceEquals, sourceKeyTexts, tableOf, textOf } from './fragments.js'
import type { Refusal } from './rejects.js'
import { SNAPSHOT, transaction, type Session } from './session.js'

/**
 * Reads rows of a source that may hold characters without a Unicode form (外字 of an EUC_JP database). One of them
 * fails a whole statement; only then the rows are looked through one by one, `park` is told of them, and `read` runs
 * again without them.
 */
export async function skippingUnconvertible<T>(
  source: Session,
  layout: Layout,
  scope: Scope,
  park: (refusals: readonly (Refusal & { readonly key: Key })[]) => Promise<void>,
  read: (scope: Scope) => Promise<T>,
): Promise<T> {
  try {
    return await read(scope)
  } catch (error) {
    if (layout.source.utf8 || !isUnconvertible(error)) throw error
    const found = await findUnconvertible(source, layout, scope).catch((cause: unknown) => {
      if (!isUnconvertible(cause)) throw cause
      throw new SyncError(
        'SOURCE_UNCONVERTIBLE',
        'a key of the source, or of the list, cannot be converted to Unicode',
        { cause },
      )
    })
    if (found.length === 0) throw error
    await park(
      found.map(({ key, column }) => ({ key, column, sqlstate: UNTRANSLATABLE_CHARACTER, message: MESSAGE })),
    )
    const keys = found.map((row) => row.key)
    // Again with the same care: another such row may have come meanwhile.
    return skippingUnconvertible(source, layout, without(scope, keys), park, read)
  }
}

const MESSAGE = 'a character of the source cannot be converted to Unicode'

function without(scope: Scope, keys: readonly Key[]): Scope {
  if (scope.kind === 'interval') return { ...scope, except: [...scope.except, ...keys] }
  const unwanted = new Set(keys.map(formatKey))
  return { ...scope, keys: scope.keys.filter((key) => !unwanted.has(formatKey(key))) }
}

async function findUnconvertible(
  source: Session,
  layout: Layout,
  scope: Scope,
): Promise<readonly { readonly key: Key; readonly column: string }[]> {
  const { db } = source
  // Made before the read-only transaction, which would refuse it; it goes with the session.
  await sql`
    create or replace function pg_temp.master_sync_utf8(value text) returns bytea language plpgsql as $function$
    begin
      return convert_to(value, 'UTF8');
    exception when untranslatable_character or character_not_in_repertoire then
      return null;
    end $function$`.execute(db)
  const bad = layout.columns.map((column) => {
    const text = textOf('s', column)
    return { name: column.name, is: sql`(${text} is not null and pg_temp.master_sync_utf8(${text}) is null)` }
  })
  if (bad.length === 0) return []
  return transaction(source, SNAPSHOT, async () => {
    const { rows } = await sql<{ readonly key: Key; readonly column: string }>`
      with ${listedScope(layout, scope)}
      select ${keyArray(sourceKeyTexts(layout))} as key,
        case ${sql.join(
          bad.map(({ name, is }) => sql`when ${is} then ${name}`),
          sql` `,
        )} end as column
      from listed l join ${tableOf(layout.source.table)} s on ${sourceEquals(layout, 'l')}
      where ${sql.join(
        bad.map(({ is }) => is),
        sql` or `,
      )}`.execute(db)
    return rows
  })
}
