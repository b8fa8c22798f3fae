import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { missedSince, PUBLICATIONS } from '../../core/publications.js'
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
  const publications = [...new Set(scopes.map(({ publication }) => publication))]
  if (publications.length === 0) return { seen: 'nothing was imported yet' }
  const looked = publications.map((publication) => {
    const parts = scopes.filter((part) => part.publication === publication)
    return { publication, parts, ...datesOf(parts) }
  })
  return {
    seen: looked
      .map(({ publication, newest, oldest }) =>
        newest === oldest
          ? `${publication} as of ${newest}`
          : `${publication} as of ${newest}, the oldest part as of ${oldest}`,
      )
      .join(', '),
    findings: looked.flatMap(({ publication, parts, newest }) => {
      const missed = missedSince(publication, newest, today)
      return missed.length > 0
        ? [late(master, publication, newest, missed)]
        : behind(master, publication, parts, today)
    }),
  }
}

function datesOf(parts: readonly ScopeDate[]): { readonly newest: string; readonly oldest: string } {
  const dates = parts.map(({ as_of: asOf }) => asOf).sort()
  return { newest: dates.at(-1) ?? '', oldest: dates[0] ?? '' }
}

function late(master: Master, publication: string, asOf: string, missed: readonly string[]): SyncError {
  const before = missed.length > 1 ? `, and ${missed.length - 1} before it` : ''
  const message = `${master.master} has the data of ${asOf} (${titleOf(publication)}); that of ${missed.at(-1) ?? ''} should have been imported by now${before}`
  return new SyncError('IMPORT_LATE', message, { remedy: remedyOf(master, publication) })
}

/** How many are told. */
const TOLD = 10

/** Where some parts are newer than others: a bureau that does not publish any more, a file that was forgotten. */
function behind(
  master: Master,
  publication: string,
  parts: readonly ScopeDate[],
  today: string,
): readonly SyncError[] {
  const old = parts.filter((part) => missedSince(publication, part.as_of, today).length > 0)
  if (old.length === 0) return []
  const { oldest, newest } = datesOf(old)
  const due = missedSince(publication, newest, today).at(-1) ?? ''
  const names = old.slice(0, TOLD).map(({ scope }) => scope)
  const more = old.length > TOLD ? ' …' : ''
  const message = `${old.length} of ${parts.length} parts of ${master.master} (${titleOf(publication)}) stayed behind, the oldest as of ${oldest}: ${names.join(' ')}${more}; that of ${due} should have been imported by now`
  return [new SyncError('IMPORT_LATE', message, { remedy: remedyOf(master, publication) })]
}

function titleOf(publication: string): string {
  return PUBLICATIONS[publication]?.title.en ?? publication
}

function remedyOf({ master, import: section }: Master, publication: string): string {
  const from = section?.from ?? []
  return [
    `See whether it is published: ${from.length === 0 ? titleOf(publication) : from.map(withoutQuery).join(' ')}`,
    `then: master-sync import${from.length === 0 ? ' FILE' : ''} --master ${master}`,
  ].join('\n')
}

/** What follows may be a signature that lets anyone read. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/u, '?…')
}
