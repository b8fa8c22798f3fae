import type { AuditDetail } from '../core/audit.js'
import type { Master } from '../core/master.js'
import { recordAudit } from '../operations/audit.js'
import type { AuditWord } from './audit-words.js'
import type { Visit } from './request/visit.js'

/** Of a pasted column of thousands the first tell enough. */
const MOST_IDS = 100

/**
 * Writes down what was done just now, and by whom. It is done: where it cannot be written down it stands in the log, and
 * nobody is told that it failed.
 */
export async function audit(
  { app, user: { role }, log }: Visit,
  master: Master,
  what: AuditWord,
  detail: AuditDetail = {},
): Promise<void> {
  const { ids = [], total = ids.length } = detail
  const short = total > MOST_IDS ? { ...detail, ids: ids.slice(0, MOST_IDS), total } : detail
  try {
    await recordAudit(app, master, { role, what, detail: short })
  } catch {
    log.error(
      { audit: { who: app.operator, role, master: master.master, what, detail: short } },
      'not recorded',
    )
  }
}
