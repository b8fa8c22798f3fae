import { Runtime } from '@temporalio/worker'
import { tell, type Webhook } from '../activities/webhook.js'
import { noticeText } from '../core/notice-text.js'
import type { WatchDeps } from './watch-schedules.js'

/** Those who are told what became of runs: whoever reads the log, and the webhook where there is one. */
export function watchers(webhook: Webhook | undefined): Pick<WatchDeps, 'tell' | 'failed'> {
  const { logger } = Runtime.instance()
  return {
    tell: async (notice, title) => {
      logger.warn(noticeText(notice, title, 'en').title, { ...notice })
      if (webhook !== undefined) await tell(webhook, notice, title)
    },
    failed: (master, error) => {
      logger.warn('the schedule could not be watched', { master, error })
    },
  }
}
