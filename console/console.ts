import type { App } from '../operations/app.js'
import type { Sessions } from './access/sessions.js'
import type { ConsoleSettings } from './settings.js'

/** What pages work with. */
export interface Console {
  readonly app: App
  readonly settings: ConsoleSettings
  readonly sessions: Sessions
}
