import { SyncError } from '../core/errors.js'
import type { Session } from './session.js'

/** Which ledger this is: made with it, and the same for as long as it lives. */
export async function readInstallation({ db }: Session): Promise<string> {
  const { id } = await db.selectFrom('master_sync.installation').select('id').executeTakeFirstOrThrow()
  return id
}

/**
 * Demands that a step works on the ledger of whoever started the run.
 * @throws SyncError WORKER_ELSEWHERE
 */
export async function checkInstallation(session: Session, expected: string | undefined): Promise<void> {
  if (expected === undefined || expected === (await readInstallation(session))) return
  throw new SyncError(
    'WORKER_ELSEWHERE',
    'a worker took the run whose cloud database is another one than that of the command or the schedule',
  )
}
