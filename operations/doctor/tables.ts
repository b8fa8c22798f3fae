import { SyncError } from '../../core/errors.js'
import type { Layout } from '../../core/layout.js'
import type { Master } from '../../core/master.js'
import { checkCanary } from '../../db/canary.js'
import { missingGrants } from '../../db/checks.js'
import type { Side } from '../../db/failures.js'
import { cloudIndexes, sourceIndexes, type WantedIndex } from '../../db/index-use.js'
import { formatTableName } from '../../core/table-name.js'
import type { App, Place } from '../app.js'
import { examine, skipped, type About, type Examined, type Seen } from './examine.js'
import { lookAtTables, type SeenTables } from './look-at-tables.js'
import { placesOf } from './places.js'

/** A master's tables, as a run finds them when it opens; both databases answer. */
export async function examineTables(app: App, master: Master): Promise<readonly Examined[]> {
  let looked: SeenTables | undefined
  const tables = await examine({ check: 'tables', master: master.master }, async () => {
    const seen = await lookAtTables(app, master)
    looked = seen
    return { seen: describe(master, seen.layout?.uncopied ?? []), findings: seen.problems }
  })
  const found = looked
  if (found === undefined) return [tables, ...skipTables(master, 'the tables cannot be looked at').slice(1)]
  const permissions = await Promise.all(
    placesOf([master]).map((place) => examinePermissions(app, master, place, found)),
  )
  const { layout } = found
  const allowed = permissions.every(({ check }) => check.ok === true)
  if (layout === undefined || !allowed) {
    const why = layout === undefined ? 'the tables do not fit' : 'the role may not'
    return [tables, ...permissions, ...aboutData(master).map((about) => skipped(about, why))]
  }
  return [tables, ...permissions, ...(await examineData(app, master, layout))]
}

/** All that `examineTables` would look at. */
export function skipTables(master: Master, why: string): readonly Examined[] {
  const { master: name } = master
  const permissions = placesOf([master]).map((place): About => ({
    check: 'permissions',
    master: name,
    ...place,
  }))
  return [{ check: 'tables', master: name } as const, ...permissions, ...aboutData(master)].map((about) =>
    skipped(about, why),
  )
}

function describe({ source, targets, cloud }: Master, uncopied: readonly string[]): string {
  const list = targets.table ?? 'in the ledger'
  const tables = `source ${source.table}, target list ${list}, cloud ${cloud.table}`
  if (uncopied.length === 0) return tables
  return `${tables}; new at the source, not copied until master-sync setup adds it: ${uncopied.join(', ')}`
}

async function examinePermissions(
  app: App,
  master: Master,
  place: Place,
  found: SeenTables,
): Promise<Examined> {
  const { layout } = found
  const refused = found.refusals[place.side]
  const about = { check: 'permissions', master: master.master, ...place } as const
  // What must be allowed beside reading follows from how the tables fit.
  if (layout === undefined && refused.length === 0) return skipped(about, 'the tables do not fit')
  return examine(about, async () => {
    const missing =
      layout === undefined ? [] : await app.on(place, (session) => missingGrants(session, layout))
    const findings = [...refused, ...missing.filter(({ remedy }) => !isAsked(remedy, refused))]
    return { seen: findings.length === 0 ? 'the role may do all that a run does' : '', findings }
  })
}

/** Whether one of the grants gives for a whole table what another would give for some columns. */
function isAsked(grant: string, others: readonly SyncError[]): boolean {
  const whole = grant.replace(/^grant select \(.*\) on /u, 'grant select on ')
  return others.some(({ remedy }) => remedy.split('\n').includes(whole))
}

function aboutData({ master, source, cloud }: Master): readonly [About, About, About] {
  return [
    { check: 'indexes', master, side: 'source', database: source.database },
    { check: 'indexes', master, side: 'cloud', database: cloud.database },
    { check: 'hashes', master },
  ]
}

/**
 * What the roles must be allowed to read. Whether a key that no index holds is unique, a run alone finds out: it takes
 * reading the source whole.
 */
async function examineData(app: App, master: Master, layout: Layout): Promise<readonly Examined[]> {
  const [source, cloud, hashes] = aboutData(master)
  return [
    await examine(source, async () =>
      describeIndexes('source', await app.onSource(master, (session) => sourceIndexes(session, layout))),
    ),
    await examine(cloud, async () =>
      describeIndexes('cloud', await app.onCloud(master, (session) => cloudIndexes(session, layout))),
    ),
    await examine(hashes, async () => {
      await app.onSource(master, (onPrem) =>
        app.onCloud(master, (inCloud) => checkCanary(onPrem, inCloud, layout)),
      )
      return { seen: 'both servers hash alike' }
    }),
  ]
}

function describeIndexes(side: Side, wanted: readonly WantedIndex[]): Seen {
  return {
    seen: 'large tables are not read whole where an index would do',
    findings: wanted.map(({ table, megabytes, why, statement }) => {
      const size = `${Math.round(megabytes)} MB`
      return new SyncError('INDEX_MISSING', `the ${side} ${formatTableName(table)} (${size}): ${why}`, {
        remedy: statement,
      })
    }),
  }
}
