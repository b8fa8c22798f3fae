import type { Master } from '../core/master.js'
import { summaryOf } from '../core/names.js'
import type { ImportInput } from '../workflows/messages.js'
import type { App } from './app.js'

/** What every import is told. */
export function importInput(app: App, master: Master, ledger: string | undefined): ImportInput {
  return {
    master: master.master,
    leaseMs: app.leaseMs,
    summaryOfSync: summaryOf(master, 'sync after an import'),
    ...(ledger === undefined ? {} : { ledger }),
  }
}
