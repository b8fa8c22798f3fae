import { SyncError } from '../core/errors.js'
import type { RunNotice } from '../core/notice.js'
import type { ActivityDeps } from './deps.js'
import { asActivity } from './step.js'
import { tell } from './webhook.js'

export interface NotifyInput {
  readonly notice: RunNotice
}

/** Tells the webhook, where there is one, how a run ended. */
export function notify(deps: ActivityDeps): (input: NotifyInput) => Promise<{ readonly told: boolean }> {
  return asActivity(async ({ notice }: NotifyInput) => {
    if (deps.webhook === undefined) return { told: false }
    await tell(deps.webhook, notice, titleOf(deps, notice.master))
    return { told: true }
  })
}

/** A file that has gone, or is broken, may be the very thing to be told. */
function titleOf(deps: ActivityDeps, master: string): string {
  try {
    return deps.loadMaster(master).title ?? master
  } catch (error) {
    if (error instanceof SyncError) return master
    throw error
  }
}
