import { readFile, writeFile } from 'node:fs/promises'
import { endForeign, inspect, waitUntil } from './processes.js'

/** Notes in a file which process was started, and by whom, for the next start to find. */
export async function noteStarted(file: string, pid: number): Promise<void> {
  await writeFile(file, `${pid} ${process.pid}`)
}

/**
 * Ends the process that a file names if its starter was killed and could not end it.
 * @param mark part of its command line: process ids are used again
 * @param what what it runs on, for the error when its starter lives
 */
export async function endLeftBehind(file: string, mark: string, what: string): Promise<void> {
  const [pid, owner] = (await readFile(file, 'utf8').catch(() => '')).split(' ').map(Number)
  const found = pid === undefined ? undefined : await inspect(pid)
  if (pid === undefined || !found?.command.includes(mark)) return
  if (found.parent === owner) {
    // Unless it is just dying.
    if (await waitUntil(async () => (await inspect(pid)) === undefined, 2_000)) return
    throw new Error(`${what} is in use by process ${pid}, started by process ${owner}. Stop that first`)
  }
  await endForeign(pid, ['SIGTERM', 'SIGKILL'])
}
