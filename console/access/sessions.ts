import { createHmac, randomBytes } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { SignedIn } from './roles.js'

/** Somebody's visits from one browser. */
export interface Session {
  readonly id: string
  /** What a form must bring back: other sites cannot know it. */
  readonly token: string
  /** undefined until they have signed in. */
  readonly user: SignedIn | undefined
}

interface Opened {
  readonly user: SignedIn
  readonly ends: number
  /** When it was last used. */
  used: number
}

const HOUR_MS = 3_600_000
/** A day's work. */
const LASTS_MS = 12 * HOUR_MS
/** Somebody who has left their desk; a page that is being watched asks by itself. */
const IDLE_MS = 2 * HOUR_MS

/**
 * Who has signed in is kept in memory: whoever ends the console signs everybody out. Of visitors nothing is kept, so that
 * there may be as many as like.
 */
export class Sessions {
  readonly #open = new Map<string, Opened>()
  readonly #key = randomBytes(32)
  /** Whether the console is reached by https: its cookies then travel over nothing else. */
  readonly secure: boolean

  constructor(secure: boolean) {
    this.secure = secure
  }

  /** The session that a browser names; of nobody where it names none. */
  of(request: FastifyRequest): Session {
    const id = request.cookies[this.#cookie] ?? ''
    return { id, token: this.#tokenOf(id), user: this.#userOf(id) }
  }

  /** Gives a browser that names no session one of nobody, for the token of its forms. */
  visit(request: FastifyRequest, reply: FastifyReply): Session {
    const named = this.of(request)
    return named.token === '' ? this.#give(reply, undefined) : named
  }

  /** A new one under a new id: whoever knew the id from before signing in knows nothing. */
  begin(request: FastifyRequest, reply: FastifyReply, user: SignedIn): Session {
    this.end(request)
    this.#forget()
    return this.#give(reply, user)
  }

  end(request: FastifyRequest): void {
    this.#open.delete(this.of(request).id)
  }

  #give(reply: FastifyReply, user: SignedIn | undefined): Session {
    const [id, now] = [randomBytes(32).toString('base64url'), Date.now()]
    if (user !== undefined) this.#open.set(id, { user, ends: now + LASTS_MS, used: now })
    void reply.setCookie(this.#cookie, id, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: this.secure,
    })
    return { id, token: this.#tokenOf(id), user }
  }

  /** With the prefix no neighbour under the same domain can set it. */
  get #cookie(): string {
    return this.secure ? '__Host-master_sync_session' : 'master_sync_session'
  }

  #tokenOf(id: string): string {
    if (!/^[\w-]{43}$/u.test(id)) return ''
    return createHmac('sha256', this.#key).update(id).digest('base64url')
  }

  #userOf(id: string): SignedIn | undefined {
    const opened = this.#open.get(id)
    if (opened === undefined || isOver(opened)) return undefined
    opened.used = Date.now()
    return opened.user
  }

  #forget(): void {
    for (const [id, opened] of this.#open) if (isOver(opened)) this.#open.delete(id)
  }
}

function isOver({ ends, used }: Opened): boolean {
  const now = Date.now()
  return ends <= now || used + IDLE_MS <= now
}
