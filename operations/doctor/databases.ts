import { SyncError } from '../../core/errors.js'
import { serverProblems } from '../../core/layout.js'
import { formatSpan } from '../../core/span.js'
import { checkLedgerAccess } from '../../db/checks.js'
import { TOO_MANY_CONNECTIONS } from '../../core/sqlstate.js'
import { comesOf, type Side } from '../../db/failures.js'
import { requireLedger } from '../../db/migrate.js'
import { letWrite, readClock, readServerState, type ServerState } from '../../db/server-state.js'
import type { App, Place } from '../app.js'
import { optional } from './optional.js'
import { examineConnections, type Answering } from './connections.js'
import { examine, skipped, type Examined } from './examine.js'

export interface ExaminedDatabase {
  readonly place: Place
  readonly examined: readonly Examined[]
  readonly reachable: boolean
  /** Of a cloud: whether the ledger is there, and open to the role. */
  readonly ledger: boolean
}

/** Seconds by which clocks may differ. */
const CLOCKS = 5

export async function examineDatabases(
  app: App,
  places: readonly Place[],
): Promise<readonly ExaminedDatabase[]> {
  const servers = await Promise.all(places.map((place) => examineServer(app, place)))
  const answering = servers.flatMap(({ answers }) => (answers === undefined ? [] : [answers]))
  return Promise.all(servers.map((server) => examineDatabase(app, server, answering)))
}

interface ExaminedServer {
  readonly place: Place
  readonly server: Examined
  readonly answers: Answering | undefined
}

async function examineServer(app: App, place: Place): Promise<ExaminedServer> {
  let state: ServerState | undefined
  const server = await examine({ check: 'server', ...place }, async () => {
    const read = await app.on(place, readServerState).catch(tellFull)
    state = read
    return { seen: describeServer(read), findings: problemsOf(place.side, read) }
  })
  return { place, server, answers: state === undefined ? undefined : { place, state } }
}

async function examineDatabase(
  app: App,
  { place, server, answers }: ExaminedServer,
  answering: readonly Answering[],
): Promise<ExaminedDatabase> {
  if (answers === undefined) {
    const rest =
      place.side === 'cloud'
        ? (['clock', 'connections', 'ledger'] as const)
        : (['clock', 'connections'] as const)
    const examined = [
      server,
      ...rest.map((check) => skipped({ check, ...place }, 'the database is out of reach')),
    ]
    return { place, examined, reachable: false, ledger: false }
  }
  const clock = await examine({ check: 'clock', ...place }, () => compareClocks(app, place))
  const connections = examineConnections(
    answers,
    answering,
    optional(() => app.environment.number('WORKER_SLOTS')),
  )
  const examined = [server, clock, await connections]
  if (place.side === 'source') return { place, examined, reachable: true, ledger: false }
  const ledger = await examine({ check: 'ledger', ...place }, async () => {
    await app.on(place, async (cloud) => {
      await checkLedgerAccess(cloud)
      await requireLedger(cloud)
    })
    return { seen: 'the schema master_sync is there and current' }
  })
  return { place, examined: [...examined, ledger], reachable: true, ledger: ledger.check.ok === true }
}

/** A server that is full answers, which a person should not take for one that is away. */
function tellFull(error: unknown): never {
  if (!(error instanceof SyncError) || !comesOf(error, TOO_MANY_CONNECTIONS)) throw error
  throw new SyncError('CONNECTIONS_SHORT', error.message, { cause: error })
}

function describeServer({ version, encoding, role, database }: ServerState): string {
  const number = `${Math.floor(version / 10_000)}.${version % 10_000}`
  return `PostgreSQL ${number}, ${encoding}, database ${database}, role ${role}`
}

function problemsOf(side: Side, state: ServerState): readonly SyncError[] {
  const { version, encoding, standby, readOnly, database, role } = state
  const found = [...serverProblems(side, { version, utf8: encoding === 'UTF8' })]
  if (side === 'cloud' && standby)
    found.push(
      new SyncError(
        'CLOUD_READ_ONLY',
        `the cloud database is a standby: runs wait there until it is promoted`,
      ),
    )
  else if (side === 'cloud' && readOnly) {
    found.push(
      new SyncError(
        'CLOUD_READ_ONLY',
        `transactions in the cloud database ${database} are read only for ${role}: runs wait`,
        { remedy: letWrite(state) },
      ),
    )
  }
  return found
}

async function compareClocks(app: App, place: Place) {
  const { ahead, within } = await app.on(place, readClock)
  const seconds = Math.abs(ahead) / 1000
  const told =
    seconds < 1 ? 'within a second of' : `${formatSpan(seconds)} ${ahead > 0 ? 'ahead of' : 'behind'}`
  if (seconds <= CLOCKS + within / 1000) return { seen: `${told} this machine's` }
  return {
    seen: `${told} this machine's`,
    findings: [
      new SyncError(
        'CLOCKS_DIFFER',
        `the clock of the ${place.side} database's server is ${told} this machine's: the times of runs, and the age of the copy, cannot be trusted`,
      ),
    ],
  }
}
