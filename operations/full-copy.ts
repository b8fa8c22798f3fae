import type { Master } from '../core/master.js'
import { fullCopyBefore, type FullCopy } from '../db/full-copy.js'
import type { App } from './app.js'

/** The last run before that one that copied every row; undefined where the ledger knows of none. */
export function fullCopy(app: App, master: Master, run: number): Promise<FullCopy | undefined> {
  return app.onCloud(master, (cloud) => fullCopyBefore(cloud, master.master, run))
}

export type { FullCopy } from '../db/full-copy.js'
