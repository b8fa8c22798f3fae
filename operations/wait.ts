import { setTimeout as delay } from 'node:timers/promises'
import { SyncError } from '../core/errors.js'

/** What was waited for did not come. */
class WaitedInVain extends Error {}

/**
 * Asks again and again until there is an answer.
 * @param what completes "waited in vain for …"
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<T | undefined>,
  everyMs = 100,
): Promise<T> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > deadline) throw new WaitedInVain(`waited in vain for ${what}`)
    await delay(everyMs)
  }
}

const TEMPORAL_PATIENCE_MS = 30_000

/** The same of what Temporal is to do. @throws SyncError TEMPORAL_UNREACHABLE */
export function waitForTemporal<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  return waitFor(what, TEMPORAL_PATIENCE_MS, ask).catch((cause: unknown) => {
    if (!(cause instanceof WaitedInVain)) throw cause
    throw new SyncError('TEMPORAL_UNREACHABLE', `Temporal answers, but we ${cause.message}`, { cause })
  })
}
