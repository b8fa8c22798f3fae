import type { ApplicationFailure } from '@temporalio/workflow'
import type { RunFailure } from '../core/report.js'

/** Why a step failed, as the report tells it. */
export function explain(failure: ApplicationFailure): RunFailure {
  const [detail] = failure.details ?? []
  if (isFailure(detail)) return { code: detail.code, message: detail.message, remedy: detail.remedy }
  return { code: failure.type ?? 'UNKNOWN', message: failure.message, remedy: '' }
}

function isFailure(detail: unknown): detail is RunFailure {
  return (
    typeof detail === 'object' &&
    detail !== null &&
    'code' in detail &&
    'message' in detail &&
    'remedy' in detail
  )
}
