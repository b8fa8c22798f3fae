import { setTimeout as delay } from 'node:timers/promises'

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
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`)
    await delay(everyMs)
  }
}
