import { deriveLayout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import { ownColumns } from '../core/own-columns.js'
import { checkColumns, copiedOf, keyOf, plannedTable } from '../core/planned.js'
import type { ServerShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import { lookAtTable, readServer } from '../db/catalog.js'
import { exists } from '../db/create-tables.js'
import type { Side } from '../db/failures.js'
import { readOwnTypes } from '../db/own-types.js'
import { named } from '../db/read-layout.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'
import { cloudScript } from './dba-scripts/cloud-script.js'
import { rolesOf, type PlannedMaster } from './dba-scripts/planned-master.js'
import { sourceScript } from './dba-scripts/source-script.js'
import { newMaster, takesImports } from './master-table.js'
import type { SetupOptions } from './setup.js'

export interface PrintOptions extends SetupOptions {
  /** What the names of the roles begin with. */
  readonly roles: string
  /** undefined: both sides */
  readonly side?: Side | undefined
}

/** What is to be run in one database. */
export interface Script {
  readonly side: Side
  /** The variable that holds the database's URL. */
  readonly database: string
  readonly sql: string
}

/**
 * What `setup` would do, and what each role must be allowed, as SQL for someone else to look at and run. Reads the
 * source's catalog, for which no permission is needed; the cloud is not asked at all, since nobody may be able to
 * connect to it yet: its script brings it from any state to the right one.
 */
export async function printSql(
  app: App,
  chosen: readonly Master[],
  { roles, side, ...options }: PrintOptions,
): Promise<readonly Script[]> {
  const planned: PlannedMaster[] = []
  for (const master of app.masters().filter((each) => sharesTable(each, chosen)))
    planned.push(await app.onSource(master, (source) => plan(source, master, options)))
  const names = rolesOf(roles)
  const scripts: Script[] = []
  for (const [database, group] of byDatabase(planned, 'source'))
    scripts.push({ side: 'source', database, sql: sourceScript(database, group, names) })
  for (const [database, group] of byDatabase(planned, 'cloud'))
    scripts.push({ side: 'cloud', database, sql: await cloudScript(database, group, names) })
  return scripts.filter((script) => side === undefined || script.side === side)
}

/** What another master needs of the same table must not be taken away. */
function sharesTable(master: Master, chosen: readonly Master[]): boolean {
  const tables = new Set(chosen.flatMap(tablesOf))
  return tablesOf(master).some((table) => tables.has(table))
}

function tablesOf({ source, targets, cloud }: Master): readonly string[] {
  const inOne = ({ database }: { readonly database: string }, table: string): string =>
    `${database} ${formatTableName(named(table))}`
  const list = targets.table === undefined ? [] : [inOne(source, targets.table)]
  return [inOne(source, source.table), ...list, inOne(cloud, cloud.table)]
}

function byDatabase(
  masters: readonly PlannedMaster[],
  side: Side,
): readonly (readonly [string, readonly PlannedMaster[]])[] {
  const variables = [...new Set(masters.map(({ master }) => master[side].database))]
  return variables.map((variable) => [
    variable,
    masters.filter(({ master }) => master[side].database === variable),
  ])
}

/** As the sync demands of the cloud; what it finds there is looked at by `setup` and by every run. */
const CLOUD_SERVER: ServerShape = { version: 120_000, utf8: true }

async function plan(
  source: Session,
  master: Master,
  { withTargets, withMaster = false }: SetupOptions,
): Promise<PlannedMaster> {
  const planned = withMaster ? await newMaster(source, master) : undefined
  const shape =
    planned ?? (await lookAtTable(source, 'source', named(master.source.table), master.master)).shape
  checkColumns(master, shape)
  const key = keyOf(master, shape)
  const copied = copiedOf(master, shape)
  const list = master.targets.table === undefined ? undefined : named(master.targets.table)
  const isNewList = withTargets && list !== undefined && !(await exists(source, list))
  return {
    master,
    source: shape,
    isNew: planned !== undefined,
    imports: withMaster && takesImports(shape),
    copied,
    newList: isNewList ? key : undefined,
    layout: deriveLayout(master, {
      source: { server: await readServer(source), table: shape },
      list: isNewList
        ? plannedTable(list, key, master.source.key)
        : list && (await lookAtTable(source, 'target list', list, master.master)).shape,
      cloud: {
        server: CLOUD_SERVER,
        table: plannedTable(named(master.cloud.table), copied, master.source.key, ownColumns(master)),
      },
    }),
    types: await readOwnTypes(source, shape.table, copied),
  }
}
