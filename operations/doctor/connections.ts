import { SyncError } from '../../core/errors.js'
import { quoteName } from '../../core/table-name.js'
import type { ConnectionLimit, ServerState } from '../../db/server-state.js'
import type { Place } from '../app.js'
import { examine, skipped, type Examined } from './examine.js'

/** Whether a worker gets as many connections as it opens at most; those it has count as free. */
export async function examineConnections(
  place: Place,
  state: ServerState,
  slots: number | undefined,
): Promise<Examined> {
  const about = { check: 'connections', ...place } as const
  if (slots === undefined) return skipped(about, 'WORKER_SLOTS cannot be read')
  const needed = slots + 1
  return examine(about, () => {
    const free = Math.min(...state.limits.map(({ limit, used }) => limit - used))
    return {
      seen: `${Math.max(0, free)} free for the sync, a worker opens up to ${needed}`,
      findings: state.limits
        .filter(({ limit, used }) => limit - used < needed)
        .map((limit) => tooFew(place, state, limit, needed)),
    }
  })
}

function tooFew(
  place: Place,
  { role, database }: ServerState,
  { of, limit, used }: ConnectionLimit,
  needed: number,
) {
  const whose = {
    server: `the server of the ${place.side} database lets everybody`,
    database: `the ${place.side} database ${database} lets everybody`,
    role: `the role ${role} of the ${place.side} database may`,
  } as const
  const enough = used + needed
  const raise = {
    server: `alter system set max_connections = ${enough + RESERVE};\nthen restart the server; or lower WORKER_SLOTS`,
    database: `alter database ${quoteName(database)} connection limit ${enough};`,
    role: `alter role ${quoteName(role)} connection limit ${enough};`,
  } as const
  const others = used === 0 ? '' : `, of which others hold ${used}`
  return new SyncError(
    'CONNECTIONS_SHORT',
    `${whose[of]} open ${limit} connections${others}; a worker opens up to ${needed}, and its steps wait or fail without`,
    { remedy: raise[of] },
  )
}

/** For superusers, and for who comes meanwhile. */
const RESERVE = 20
