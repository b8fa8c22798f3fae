import { attributionOf } from '../core/data-source.js'
import { formatTableName, type TableName } from '../core/table-name.js'
import { mayRead } from '../db/import-owner.js'
import { readScopes, type ScopeDate } from '../db/import-scopes.js'
import { storePublications } from '../db/publications.js'
import { inSession, type Session } from '../db/session.js'
import type { ActivityDeps } from './deps.js'

/** As of when a table of the source has what was imported into it; undefined: that cannot be read. */
export async function readDates(
  deps: ActivityDeps,
  variable: string,
  table: TableName,
): Promise<readonly ScopeDate[] | undefined> {
  // Only told beside the rows: a source that is away, or slow, does not keep a run from closing.
  return inSession(deps.database('source', variable), async (source) =>
    (await mayRead(source, 'scopes')) ? readScopes(source, formatTableName(table)) : undefined,
  ).catch(() => undefined)
}

/** From now on the cloud has rows as of these dates. */
export function carryPublications(
  cloud: Session,
  master: string,
  run: number,
  dates: readonly ScopeDate[],
): Promise<void> {
  const attributed = dates.map((date) => ({ ...date, attribution: attributionOf(date.publication) }))
  return storePublications(cloud, master, run, attributed)
}
