import { type Launched, waitUntil } from './processes.js'

const READY = 'worker ready'

/** Waits until a worker that was launched says that it is ready; throws with its last words where it does not. */
export async function workerReady(worker: Launched, patienceMs: number): Promise<void> {
  const ready = await waitUntil(
    async () => !worker.isRunning() || (await worker.lastLines()).includes(READY),
    patienceMs,
  )
  if (!ready || !worker.isRunning()) throw new Error(`the worker did not start:\n${await worker.lastLines()}`)
}
