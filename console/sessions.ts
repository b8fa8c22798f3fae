import { randomBytes } from 'node:crypto'
import type { User } from './roles.js'

/** Somebody's visits from one browser. */
export interface Session {
  readonly id: string
  /** What a form must bring back: other sites cannot know it. */
  readonly token: string
  /** undefined until they have signed in. */
  readonly user: User | undefined
  readonly expires: number
}

const HOUR_MS = 3_600_000
/** A day's work. */
const LASTS_MS = 12 * HOUR_MS
/** Of a visitor who does not sign in. */
const VISIT_MS = HOUR_MS
/** More than people there are; whoever asks for ever new ones pushes out visitors, not users. */
const VISITS = 10_000

/** Kept in memory: whoever ends the console signs everybody out. */
export class Sessions {
  readonly #open = new Map<string, Session>()

  get(id: string | undefined): Session | undefined {
    const session = id === undefined ? undefined : this.#open.get(id)
    if (session === undefined || session.expires > Date.now()) return session
    this.#open.delete(session.id)
    return undefined
  }

  /** A new one under a new id: whoever knew the id from before signing in knows nothing. */
  begin(user: User | undefined): Session {
    this.#clear()
    const session = {
      id: randomBytes(32).toString('base64url'),
      token: randomBytes(32).toString('base64url'),
      user,
      expires: Date.now() + (user === undefined ? VISIT_MS : LASTS_MS),
    }
    this.#open.set(session.id, session)
    return session
  }

  end(id: string): void {
    this.#open.delete(id)
  }

  #clear(): void {
    if (this.#open.size < VISITS) return
    const now = Date.now()
    for (const [id, { expires, user }] of this.#open)
      if (expires < now || user === undefined) this.#open.delete(id)
  }
}
