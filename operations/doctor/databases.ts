import { SyncError } from '../../core/errors.js'
import { serverProblems } from '../../core/layout.js'
import type { Master } from '../../core/master.js'
import { formatSpan } from '../../core/span.js'
import { quoteName } from '../../core/table-name.js'
import { checkLedgerAccess } from '../../db/checks.js'
import { sqlstateOf, type Side } from '../../db/failures.js'
import { requireLedger } from '../../db/migrate.js'
import { readClock, readServerState, type ServerState } from '../../db/server-state.js'
import type { App, Place } from '../app.js'
import { optional } from './optional.js'
import { examineConnections } from './connections.js'
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

/** The databases of the masters, each once. */
export function placesOf(masters: readonly Master[]): readonly Place[] {
  const places = masters.flatMap(({ source, cloud }): Place[] => [
    { side: 'source', database: source.database },
    { side: 'cloud', database: cloud.database },
  ])
  const first = (place: Place): number => places.findIndex((other) => isSame(place, other))
  const distinct = places.filter((place, index) => first(place) === index)
  return [
    ...distinct.filter(({ side }) => side === 'source'),
    ...distinct.filter(({ side }) => side === 'cloud'),
  ]
}

export function isSame(a: Place, b: Place): boolean {
  return a.side === b.side && a.database === b.database
}

export async function examineDatabase(app: App, place: Place): Promise<ExaminedDatabase> {
  let state: ServerState | undefined
  const server = await examine({ check: 'server', ...place }, async () => {
    const read = await app.on(place, readServerState).catch(tellFull)
    state = read
    return { seen: describeServer(read), findings: problemsOf(place.side, read) }
  })
  const found = state
  if (found === undefined) {
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
    place,
    found,
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

const TOO_MANY_CONNECTIONS = '53300'

/** A server that is full answers, which a person should not take for one that is away. */
function tellFull(error: unknown): never {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (sqlstateOf(cause) === TOO_MANY_CONNECTIONS && error instanceof SyncError)
      throw new SyncError('CONNECTIONS_SHORT', error.message, { cause: error })
  }
  throw error
}

function describeServer({ version, encoding, role, database }: ServerState): string {
  const number = `${Math.floor(version / 10_000)}.${version % 10_000}`
  return `PostgreSQL ${number}, ${encoding}, database ${database}, role ${role}`
}

function problemsOf(side: Side, { version, encoding, standby, readOnly, database, role }: ServerState) {
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
        {
          remedy: [
            'set default_transaction_read_only = off;',
            '-- then whichever was set:',
            `alter database ${quoteName(database)} reset default_transaction_read_only;`,
            `alter role ${quoteName(role)} reset default_transaction_read_only;`,
          ].join('\n'),
        },
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
