import { ActivityFailure, CancellationScope, log } from '@temporalio/workflow'
import { noticeOf } from '../core/notice.js'
import type { RunReport } from '../core/report.js'
import { applicationFailure, notify } from './steps.js'

/** Tells of an end that a person should look at. The run has ended: nothing that happens here changes it any more. */
export async function tell(report: RunReport): Promise<void> {
  const notice = noticeOf(report)
  if (notice === undefined) return
  const { kind, master, run } = notice
  try {
    await CancellationScope.nonCancellable(() =>
      notify.executeWithOptions({ summary: `tell: ${kind}` }, [{ notice }]),
    )
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error
    log.warn('nobody was told how the run ended', { master, run, code: applicationFailure(error)?.type })
  }
}
