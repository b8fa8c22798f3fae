import type { Master } from '../core/master.js'
import { missedSince } from '../core/publications.js'
import { formatTableName } from '../core/table-name.js'
import { mayRead } from '../db/import-owner.js'
import { readScopes } from '../db/import-scopes.js'
import { named } from '../db/read-layout.js'
import type { App } from './app.js'

/** A part of the register, and the date of its data. */
export interface ImportedPart {
  readonly publication: string
  readonly scope: string
  /** `2026-06-01` */
  readonly asOf: string
  /** The date of the newest data that should have come by now; undefined: it is the newest. */
  readonly due: string | undefined
}

/** As of when the on-prem table has what was published; undefined where imports were not set up. */
export function importedDates(
  app: App,
  master: Master,
  today: string,
): Promise<readonly ImportedPart[] | undefined> {
  return app.onSource(master, async (source) => {
    if (!(await mayRead(source, 'scopes'))) return undefined
    const parts = await readScopes(source, formatTableName(named(master.source.table)))
    return parts.map(({ publication, scope, as_of: asOf }) => ({
      ...{ publication, scope, asOf },
      due: missedSince(publication, asOf, today).at(-1),
    }))
  })
}
