import type { Master } from '../core/master.js'
import { ownColumns } from '../core/own-columns.js'
import { checkColumns, copiedOf, keyOf } from '../core/planned.js'
import type { TableShape } from '../core/shape.js'
import { formatTableName, quoteName } from '../core/table-name.js'
import { lookAtTable, readTable } from '../db/catalog.js'
import {
  addColumns,
  createCloudTable,
  createTargetTable,
  createTypes,
  exists,
  provideSchema,
  schemaExists,
} from '../db/create-tables.js'
import { erasingStatements } from '../db/excluded-values.js'
import { forgetColumns, readKnownColumns } from '../db/known-columns.js'
import { LEDGER_SCHEMA } from '../db/ledger.js'
import { migrate } from '../db/migrate.js'
import { named, readLayout } from '../db/read-layout.js'
import type { Session } from '../db/session.js'
import type { App } from './app.js'
import { newMaster, provideMaster } from './master-table.js'

/** What setup did, in the order done; empty: all was there. */
export type SetupSteps = readonly string[]

/** What is created on-prem as well. */
export interface SetupOptions {
  readonly withTargets: boolean
  /** The master table, and what imports keep. */
  readonly withMaster?: boolean
}

/**
 * Creates or upgrades what the sync owns: the ledger, the cloud table in the source's exact types, and on request what
 * stands on-prem. Does nothing where all is there. At the end the master is checked as a run would.
 */
export async function setUp(app: App, master: Master, options: SetupOptions): Promise<SetupSteps> {
  return app.onSource(master, (source) =>
    app.onCloud(master, async (cloud) => {
      await checkBefore(source, master, options)
      const made = options.withMaster === true ? await provideMaster(source, master) : []
      const shape = await readTable(source, 'source', named(master.source.table), master.master)
      checkColumns(master, shape)
      if (!(await schemaExists(cloud, LEDGER_SCHEMA))) await provideSchema(cloud, LEDGER_SCHEMA)
      const steps = [
        ...made,
        ...(await migrate(cloud)).map((name) => `ledger: ${name}`),
        ...(options.withTargets ? await provideTargets(source, master, shape) : []),
        ...(await provideCloudTable(source, cloud, master, shape)),
        ...(await forgetDropped(cloud, master, shape)),
      ]
      await readLayout(source, cloud, master)
      return steps
    }),
  )
}

/** What is missing and is not to be created is told before anything is. */
async function checkBefore(
  source: Session,
  master: Master,
  { withMaster, withTargets }: SetupOptions,
): Promise<void> {
  if (withMaster === true) await newMaster(source, master)
  else await lookAtTable(source, 'source', named(master.source.table), master.master)
  const { table } = master.targets
  if (!withTargets && table !== undefined)
    await lookAtTable(source, 'target list', named(table), master.master)
}

/**
 * What was copied of columns before they were excluded stays where it is until a person erases it.
 * @returns the statements to be run in the cloud database
 */
export function erasing(
  app: App,
  { master, source, cloud: { table, database } }: Master,
): Promise<readonly string[]> {
  return app.on({ side: 'cloud', database }, (cloud) =>
    erasingStatements(cloud, master, named(table), source.exclude),
  )
}

async function provideTargets(source: Session, master: Master, shape: TableShape): Promise<SetupSteps> {
  if (master.targets.table === undefined) return []
  const table = named(master.targets.table)
  if (await exists(source, table)) return []
  await createTargetTable(source, table, keyOf(master, shape))
  return [`source: created ${formatTableName(table)}`]
}

async function provideCloudTable(
  source: Session,
  cloud: Session,
  master: Master,
  shape: TableShape,
): Promise<SetupSteps> {
  const table = named(master.cloud.table)
  const copied = copiedOf(master, shape)
  const wanted = [...copied, ...ownColumns(master)]
  const types = (await createTypes(source, cloud, shape.table, copied)).map(
    (name) => `cloud: created type ${name}`,
  )
  if (!(await exists(cloud, table))) {
    await createCloudTable(cloud, table, wanted, master.source.key)
    return [...types, `cloud: created ${formatTableName(table)}`]
  }
  const present = new Set((await readTable(cloud, 'cloud', table)).columns.map((column) => column.name))
  const missing = wanted.filter((column) => !present.has(column.name))
  await addColumns(cloud, table, missing)
  return [
    ...types,
    ...missing.map((column) => `cloud: added ${formatTableName(table)}.${quoteName(column.name)}`),
  ]
}

/** What the source has dropped stays in the cloud as it is from now on: to ask for set-up is to agree. */
async function forgetDropped(cloud: Session, { master }: Master, shape: TableShape): Promise<SetupSteps> {
  const known = Object.keys((await readKnownColumns(cloud, master)) ?? {})
  const dropped = known.filter((name) => !shape.columns.some((column) => column.name === name))
  await forgetColumns(cloud, master, dropped)
  return dropped.map((name) => `ledger: ${quoteName(name)} is copied no more: the source has dropped it`)
}
