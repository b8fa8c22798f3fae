import { SyncError } from '../../core/errors.js'
import { raiseLimit, type ConnectionLimit, type ServerState } from '../../db/server-state.js'
import type { Place } from '../app.js'
import { examine, skipped, type Examined } from './examine.js'

/** A database that answered. */
export interface Answering {
  readonly place: Place
  readonly state: ServerState
}

/** Whether a worker gets as many connections as it opens at most; those it has count as free. */
export async function examineConnections(
  one: Answering,
  all: readonly Answering[],
  slots: number | undefined,
): Promise<Examined> {
  const about = { check: 'connections', ...one.place } as const
  if (slots === undefined) return skipped(about, 'WORKER_SLOTS cannot be read')
  return examine(about, () => {
    const demands = one.state.limits.map((limit) => demandOn(limit, one, all, slots + 1))
    const [tightest] = [...demands].sort((a, b) => a.free - a.needed - (b.free - b.needed))
    return {
      seen:
        tightest === undefined
          ? ''
          : `${Math.max(0, tightest.free)} free for the sync, a worker opens up to ${tightest.needed}`,
      findings: demands.filter(({ free, needed }) => free < needed).map((demand) => tooFew(one, demand)),
    }
  })
}

/** What is asked of one limit. */
interface Demand {
  readonly limit: ConnectionLimit
  readonly free: number
  readonly others: number
  readonly needed: number
  /** How many of the worker's pools draw on it. */
  readonly pools: number
}

function demandOn(
  limit: ConnectionLimit,
  { state }: Answering,
  all: readonly Answering[],
  each: number,
): Demand {
  const sharing = all.filter((other) => isShared(limit, state, other.state))
  const pools = new Set(
    sharing.map(({ place, state: { role, database } }) => JSON.stringify([place.side, role, database])),
  ).size
  const ours = state.sessions
    .filter(({ role, database }) =>
      sharing.some((other) => other.state.role === role && other.state.database === database),
    )
    .reduce((sum, { count }) => sum + count, 0)
  const others = limit.used - ours
  return { limit, free: limit.limit - others, others, needed: pools * each, pools }
}

/** Whether connections to another database count against the limit as well. */
function isShared({ of }: ConnectionLimit, state: ServerState, other: ServerState): boolean {
  if (state.started !== other.started) return false
  return of === 'server' || state[of] === other[of]
}

function tooFew({ place, state }: Answering, { limit, others, needed, pools }: Demand): SyncError {
  const whose = {
    server: `the server of the ${place.side} database lets everybody`,
    database: `the ${place.side} database ${state.database} lets everybody`,
    role: `the role ${state.role} of the ${place.side} database may`,
  } as const
  const held = others === 0 ? '' : `, of which others hold ${others}`
  const where = pools === 1 ? '' : ` to ${pools === 2 ? 'both' : `all ${pools}`} databases there`
  const enough = others + needed + (limit.of === 'server' ? RESERVE : 0)
  const raise = raiseLimit(state, limit, enough)
  return new SyncError(
    'CONNECTIONS_SHORT',
    `${whose[limit.of]} open ${limit.limit} connections${held}; a worker opens up to ${needed}${where}, and its steps wait or fail without`,
    { remedy: limit.of === 'server' ? `${raise}\nthen restart the server; or lower WORKER_SLOTS` : raise },
  )
}

/** For superusers, and for who comes meanwhile. */
const RESERVE = 20
