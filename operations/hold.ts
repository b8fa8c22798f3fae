import type { Master } from '../core/master.js'
import type { Hold } from '../core/question.js'
import { readHold } from '../db/holds.js'
import type { App } from './app.js'
import { ofHold } from './schedule-status.js'

/** Why the master's runs write nothing; undefined where they do. */
export function holdOf(app: App, master: Master): Promise<Hold | undefined> {
  return ofHold(app, master, readHold)
}
