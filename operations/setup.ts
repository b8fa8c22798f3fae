import { SyncError } from '../core/errors.js'
import type { Master } from '../core/master.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { addColumns, createCloudTable, createTargetTable, createTypes, exists } from '../db/create-tables.js'
import { migrate } from '../db/migrate.js'
import { named, readLayout } from '../db/read-layout.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'

/** What setup did, in the order done; empty: all was there. */
export type SetupSteps = readonly string[]

/**
 * Creates or upgrades what the sync owns: the ledger, the cloud table in the source's exact types, and on request the
 * target list. Does nothing where all is there. At the end the master is checked as a run would.
 */
export async function setUp(
  app: App,
  master: Master,
  options: { readonly withTargets: boolean },
): Promise<SetupSteps> {
  return app.onSource(master, (source) =>
    app.onCloud(master, async (cloud) => {
      const shape = await readTable(source, 'source', named(master.source.table))
      const steps = [
        ...(await migrate(cloud)).map((name) => `ledger: ${name}`),
        ...(options.withTargets ? await provideTargets(source, master, shape) : []),
        ...(await provideCloudTable(source, cloud, master, shape)),
      ]
      await readLayout(source, cloud, master)
      return steps
    }),
  )
}

async function provideTargets(source: Session, master: Master, shape: TableShape): Promise<SetupSteps> {
  const table = named(master.targets.table)
  if (await exists(source, table)) return []
  const key = master.source.key.flatMap((name) => shape.columns.filter((column) => column.name === name))
  if (key.length < master.source.key.length) {
    throw new SyncError(
      'COLUMN_MISSING',
      `the source ${formatTableName(shape.table)} lacks a column of its key (${master.source.key.join(', ')})`,
    )
  }
  await createTargetTable(source, table, key)
  return [`source: created ${formatTableName(table)}`]
}

async function provideCloudTable(
  source: Session,
  cloud: Session,
  master: Master,
  shape: TableShape,
): Promise<SetupSteps> {
  const table = named(master.cloud.table)
  const wanted = shape.columns.filter((column) => !master.source.exclude.includes(column.name))
  const types = (await createTypes(source, cloud, shape.table, wanted)).map(
    (name) => `cloud: created type ${name}`,
  )
  if (!(await exists(cloud, table))) {
    await createCloudTable(cloud, table, wanted, master.source.key)
    return [...types, `cloud: created ${formatTableName(table)}`]
  }
  const present = new Set((await readTable(cloud, 'cloud', table)).columns.map((column) => column.name))
  const missing = wanted.filter((column) => !present.has(column.name))
  await addColumns(cloud, table, missing)
  return [...types, ...missing.map((column) => `cloud: added ${formatTableName(table)}.${column.name}`)]
}
