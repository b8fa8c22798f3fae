import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { lateSince, PUBLICATIONS } from '../../core/publications.js'
import { formatTableName } from '../../core/table-name.js'
import { mayRead } from '../../db/import-owner.js'
import { readScopes, type ScopeDate } from '../../db/import-scopes.js'
import { named } from '../../db/read-layout.js'
import type { App } from '../app.js'
import { examine, skipped, type Examined, type Seen } from './examine.js'

/**
 * What published files the on-prem table was last brought up to; nothing where none are imported, nor are to be.
 * @param reachable whether the on-prem database answers
 * @param today a date, `2026-11-23`
 */
export async function examineImports(
  app: App,
  master: Master,
  reachable: boolean,
  today: string,
): Promise<readonly Examined[]> {
  const about = { check: 'imports', master: master.master } as const
  const meant = master.import !== undefined || areAwaited(master)
  if (!reachable) return meant ? [skipped(about, 'the on-prem database is out of reach')] : []
  let known: readonly ScopeDate[] | undefined
  const examined = await examine(about, async () => {
    known = await app.onSource(master, async (source) =>
      (await mayRead(source, 'scopes'))
        ? readScopes(source, formatTableName(named(master.source.table)))
        : undefined,
    )
    return known === undefined ? notSetUp(master) : describe(master, known, today)
  })
  const told = meant || (known !== undefined && known.length > 0) || examined.check.ok !== true
  return told ? [examined] : []
}

/** Whether something is to happen by itself that takes imports. */
function areAwaited({ import: section, schedule }: Master): boolean {
  return (section?.from.length ?? 0) > 0 || schedule?.after === 'import'
}

function notSetUp(master: Master): Seen {
  const seen = 'no tables of imports that the role may read'
  if (!areAwaited(master)) return { seen }
  const message = `published files are to be imported for ${master.master}, but the on-prem database has ${seen}`
  return { seen: 'none', findings: [new SyncError('IMPORT_NOT_SET_UP', message)] }
}

function describe(master: Master, scopes: readonly ScopeDate[], today: string): Seen {
  const newest = new Map<string, string>()
  for (const { publication, as_of } of scopes)
    if (as_of > (newest.get(publication) ?? '')) newest.set(publication, as_of)
  if (newest.size === 0) return { seen: 'nothing was imported yet' }
  return {
    seen: [...newest].map(([publication, asOf]) => `${publication} as of ${asOf}`).join(', '),
    findings: [...newest].flatMap(([publication, asOf]) => {
      const due = lateSince(publication, asOf, today)
      return due === undefined ? [] : [late(master, publication, asOf, due)]
    }),
  }
}

function late(
  { master, import: section }: Master,
  publication: string,
  asOf: string,
  due: string,
): SyncError {
  const title = PUBLICATIONS[publication]?.title.en ?? publication
  const from = section?.from ?? []
  const message = `${master} has the data of ${asOf} (${title}); that of ${due} should have been imported by now`
  return new SyncError('IMPORT_LATE', message, {
    remedy: [
      `See whether it is published: ${from.length === 0 ? title : from.join(' ')}`,
      `then: master-sync import${from.length === 0 ? ' FILE' : ''} --master ${master}`,
    ].join('\n'),
  })
}
