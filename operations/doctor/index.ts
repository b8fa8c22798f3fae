import type { CheckName, DoctorReport } from '../../core/doctor-report.js'
import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import type { Environment } from '../../core/options.js'
import { App, type Place } from '../app.js'
import { examineConfiguration, type Configuration } from './configuration.js'
import { examineCopy } from './copies.js'
import { examineDecisions, examineHold } from './decisions.js'
import { examineDatabases, type ExaminedDatabase } from './databases.js'
import { skipped, type Examined } from './examine.js'
import { examineImports } from './imports.js'
import { examineLastRun } from './last-run.js'
import { examineLeftOver } from './left-over.js'
import { examineLists } from './lists.js'
import { examineOpenRuns } from './open-runs.js'
import { isSame, placesOf } from './places.js'
import { examineSchedule } from './schedules.js'
import { examineTables, skipTables } from './tables.js'
import { examineTemporal } from './temporal.js'

export interface DoctorOptions {
  /** The only master to look at; without it all. */
  readonly master?: string | undefined
  /** Names of the environment variables that are set. */
  readonly variables: readonly string[]
}

/** How long a look waits for a lock: long enough for those that come and go. */
const LOCK_TIMEOUT_MS = 1_000

/**
 * Looks at everything that a run needs, changing nothing. What cannot be looked at keeps nothing else from being so.
 * @throws SyncError MASTER_UNKNOWN where the name given is none
 */
export async function examineAll(environment: Environment, options: DoctorOptions): Promise<DoctorReport> {
  const app = new App(environment, { lockTimeoutMs: LOCK_TIMEOUT_MS })
  try {
    return await examineOn(app, options)
  } finally {
    await app.close()
  }
}

async function examineOn(app: App, options: DoctorOptions): Promise<DoctorReport> {
  const configuration = await examineConfiguration(app, options.variables)
  const masters = chosen(configuration, options.master)
  const [databases, temporal] = await Promise.all([
    examineDatabases(app, placesOf(masters)),
    examineTemporal(app),
  ])
  const answers = temporal[0]?.check.ok === true
  const all = [
    ...configuration.examined,
    ...databases.flatMap(({ examined }) => examined),
    ...temporal,
    ...(options.master === undefined ? [await leftOver(app, configuration, answers)] : []),
  ]
  for (const master of masters) all.push(...(await examineMaster(app, master, databases, answers)))
  return reportOf(all)
}

function chosen({ masters, complete }: Configuration, name: string | undefined): readonly Master[] {
  if (name === undefined) return masters
  const found = masters.filter(({ master }) => master === name)
  if (found.length > 0 || !complete) return found
  const known = masters.map(({ master }) => master).join(', ')
  throw new SyncError('MASTER_UNKNOWN', `there is no master ${JSON.stringify(name)}; there are: ${known}`)
}

async function leftOver(
  app: App,
  { masters, complete }: Configuration,
  temporal: boolean,
): Promise<Examined> {
  if (!temporal) return skipped({ check: 'left_over' }, 'Temporal is out of reach')
  if (!complete) return skipped({ check: 'left_over' }, 'not every master file can be read')
  return examineLeftOver(app, masters)
}

async function examineMaster(
  app: App,
  master: Master,
  databases: readonly ExaminedDatabase[],
  temporal: boolean,
): Promise<readonly Examined[]> {
  const { master: name } = master
  const source = databases.find(({ place }) => isSame(place, placeOf(master, 'source')))
  const cloud = databases.find(({ place }) => isSame(place, placeOf(master, 'cloud')))
  const reachable = source?.reachable === true && cloud?.reachable === true
  const tables = reachable
    ? await examineTables(app, master)
    : skipTables(master, 'a database is out of reach')
  const syncs = await examineSchedule(app, master, 'sync', temporal)
  const imports = await examineSchedule(app, master, 'import', temporal)
  const needed = [
    ...tables,
    ...syncs.examined,
    ...imports.examined,
    ...(await examineImports(app, master, source?.reachable === true, today())),
  ]
  if (cloud?.ledger !== true) {
    const rest = OF_LEDGER.map((check) => skipped({ check, master: name }, 'the ledger is out of reach'))
    return [...needed, ...rest]
  }
  return [
    ...needed,
    await examineHold(app, master),
    await examineLastRun(app, master, syncs.found),
    await examineOpenRuns(app, master, temporal),
    ...(await examineDecisions(app, master)),
    ...(await examineCopy(app, master, syncs.found)),
    ...(await examineLists(app, master)),
  ]
}

/** Calendars of publications count in days: which time zone it is of does not matter. */
function today(): string {
  return new Date().toISOString().slice(0, 10)
}

/** What only the ledger tells of a master. */
const OF_LEDGER = [
  'hold',
  'last_run',
  'open_runs',
  'question',
  'conflicts',
  'copy',
  'proof',
  'rejects',
] as const satisfies readonly CheckName[]

function placeOf(master: Master, side: Place['side']): Place {
  return { side, database: master[side].database }
}

function reportOf(examined: readonly Examined[]): DoctorReport {
  const findings = examined.flatMap((one) => one.findings)
  return { healthy: findings.length === 0, checks: examined.map(({ check }) => check), findings }
}
