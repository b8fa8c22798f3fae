import type { KnownColumns } from '../../core/drift.js'
import { SyncError } from '../../core/errors.js'
import { deriveLayout, serverProblems, tableProblems, type Layout, type Shapes } from '../../core/layout.js'
import type { Master } from '../../core/master.js'
import { lookAtTable, readServer, type SeenTable } from '../../db/catalog.js'
import type { Side } from '../../db/failures.js'
import { readKnownColumns } from '../../db/known-columns.js'
import { requireLedger } from '../../db/migrate.js'
import { named } from '../../db/read-layout.js'
import type { Session } from '../../db/session.js'
import type { App } from '../app.js'

/** A master's tables with all that is wrong with them, where a run would tell the first. */
export interface SeenTables {
  /** undefined where the master does not fit its tables, or a server is none for a sync. */
  readonly layout: Layout | undefined
  readonly problems: readonly SyncError[]
  /** What keeps the roles from reading the tables at all. */
  readonly refusals: Readonly<Record<Side, readonly SyncError[]>>
}

export async function lookAtTables(app: App, master: Master): Promise<SeenTables> {
  const missing: SyncError[] = []
  const look = async (session: Session, role: string, table: string): Promise<SeenTable | undefined> => {
    try {
      return await lookAtTable(session, role, named(table))
    } catch (error) {
      if (!(error instanceof SyncError)) throw error
      missing.push(error)
      return undefined
    }
  }
  const source = await app.onSource(master, async (session) => ({
    server: await readServer(session),
    table: await look(session, 'source', master.source.table),
    list:
      master.targets.table === undefined
        ? undefined
        : await look(session, 'target list', master.targets.table),
  }))
  const cloud = await app.onCloud(master, async (session) => ({
    server: await readServer(session),
    table: await look(session, 'cloud', master.cloud.table),
  }))
  const refusals = {
    source: [source.table, source.list].flatMap((seen) => seen?.refusals ?? []),
    cloud: cloud.table?.refusals ?? [],
  }
  if (missing.length > 0 || source.table === undefined || cloud.table === undefined)
    return { layout: undefined, problems: missing, refusals }
  const shapes = {
    source: { server: source.server, table: source.table.shape },
    list: source.list?.shape,
    cloud: { server: cloud.server, table: cloud.table.shape },
  }
  const known = await knownColumns(app, master)
  const problems = tableProblems(master, shapes, known)
  const fits = problems.length === 0 && serversServe(shapes)
  return { layout: fits ? deriveLayout(master, shapes, known) : undefined, problems, refusals }
}

/** A ledger that is not there, or out of reach, is told where it is looked at. */
async function knownColumns(app: App, master: Master): Promise<KnownColumns | undefined> {
  try {
    return await app.onCloud(master, async (cloud) => {
      await requireLedger(cloud)
      return readKnownColumns(cloud, master.master)
    })
  } catch (error) {
    if (error instanceof SyncError) return undefined
    throw error
  }
}

/** What does not is told where the servers are looked at. */
function serversServe({ source, cloud }: Shapes): boolean {
  return [...serverProblems('source', source.server), ...serverProblems('cloud', cloud.server)].length === 0
}
