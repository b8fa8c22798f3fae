import type { Master } from '../../core/master.js'
import { SyncError } from '../../core/errors.js'
import type { ChangedTarget } from '../../core/results.js'
import { awaitedOf, startAtOnce, type AwaitedRows } from '../../operations/targets/at-once.js'
import { explainTemporal } from '../../operations/temporal-failures.js'
import type { Visit } from '../request/visit.js'
import { queryOf } from '../request/fields.js'

/** Of more ids, or longer ones, the page does not tell one by one how they fare. */
const FOLLOWED = 20
const FOLLOWED_CHARACTERS = 1_500

/** Brings a change of the list to the cloud. @returns the address at which its way there is shown */
export async function bring(
  visit: Visit,
  master: Master,
  changed: readonly ChangedTarget[],
  what: 'add' | 'remove',
): Promise<string> {
  const ids = changed.map(({ id }) => id)
  return bringRows(visit, master, { ids, what, look: () => awaitedOf(visit.app, master, changed) })
}

interface Bringing {
  readonly ids: readonly string[]
  /** How many there are in all. */
  readonly of?: number
  readonly what: 'add' | 'remove' | 'list'
  readonly look: () => AwaitedRows | Promise<AwaitedRows>
}

export async function bringRows(
  { app }: Visit,
  master: Master,
  { ids, of = ids.length, what, look }: Bringing,
): Promise<string> {
  const asked = { what, id: followed(ids), of: String(of) }
  const path = `/${master.master}/targets/way`
  try {
    const started = await startAtOnce(app, master, await look())
    const behind = started?.behind === undefined ? undefined : String(started.behind)
    return `${path}${queryOf({ ...asked, run: started?.runId, behind })}`
  } catch (thrown) {
    const error = explainTemporal(thrown)
    // The list is changed all the same, and the next run brings it.
    if (!(error instanceof SyncError)) throw error
    return `${path}${queryOf({ ...asked, waits: error.code })}`
  }
}

/** As many as an address has room for. */
function followed(ids: readonly string[]): readonly string[] {
  let left = FOLLOWED_CHARACTERS
  return ids.slice(0, FOLLOWED).filter((id) => (left -= id.length) >= 0)
}
