import type { AuditDetail, AuditEntry } from '../core/audit.js'
import type { Master } from '../core/master.js'
import { recordChange, recordedChanges } from '../db/console-audit.js'
import { requireLedger } from '../db/migrate.js'
import type { App } from './app.js'

/** Writes down what the operator of the app has changed. */
export function recordAudit(
  app: App,
  master: Master,
  { role, what, detail }: { readonly role: string; readonly what: string; readonly detail: AuditDetail },
): Promise<void> {
  return app.onCloud(master, (cloud) =>
    recordChange(cloud, { who: app.operator, role, master: master.master, what, detail }),
  )
}

/** What was changed in the web pages, newest first; `before`: only what is older than that entry. */
export function audited(
  app: App,
  master: Master,
  before: string | undefined,
  limit: number,
): Promise<readonly AuditEntry[]> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    return recordedChanges(cloud, master.master, before, limit)
  })
}
