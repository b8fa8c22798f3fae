import { timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../operations/app.js'
import { isLoopback, type ConsoleSettings } from './settings.js'
import { mayAs, type Role, type User } from './roles.js'
import type { Session, Sessions } from './sessions.js'
import { Refusal } from './refusal.js'
import { letPass } from './visit.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask for it; without it whoever may look. Nothing that changes anything goes without. */
    readonly role?: Role
    /** For everybody: pages of signing in, styles. */
    readonly open?: boolean
    /** Its body is read in parts by its handler, which demands the token itself. */
    readonly upload?: boolean
  }
}

export const SESSION_COOKIE = 'master_sync_session'
/** The field of every form, and the header of htmx, that says it was this console's own page that asked. */
export const TOKEN = 'token'
const TOKEN_HEADER = 'x-csrf-token'
const SAFE = ['GET', 'HEAD']

/** Stands before every page: who asks, whether they may, and whether it was our own page that made them ask. */
export function guard(
  server: FastifyInstance,
  app: App,
  settings: ConsoleSettings,
  sessions: Sessions,
  /** Where nobody signs in: whose machine it is. */
  alone: User | undefined,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    checkHost(request, settings)
    const session = sessionOf(request, reply, sessions, settings)
    const user = session.user ?? alone
    const { role = 'viewer', open = false } = request.routeOptions.config
    if (!open && user === undefined) {
      void reply.redirect('/sign-in', 303)
      return
    }
    letPass(request, app, user ?? NOBODY, session)
    if (!open && user !== undefined && !mayAs(user.role, role)) throw new Refusal('role', role)
    done()
  })
  server.addHook('preHandler', (request, _reply, done) => {
    if (!SAFE.includes(request.method)) {
      const { role, open = false, upload = false } = request.routeOptions.config
      if (role === undefined && !open) throw new Error(`${request.url} changes something and names no role`)
      checkOrigin(request, settings)
      if (!upload) checkToken(request, sessions, tokenIn(request.body))
    }
    done()
  })
}

const NOBODY: User = { name: '-', role: 'viewer' }

/** Finds the session of a browser, or begins one. */
function sessionOf(
  request: FastifyRequest,
  reply: FastifyReply,
  sessions: Sessions,
  settings: ConsoleSettings,
): Session {
  const known = sessions.get(request.cookies[SESSION_COOKIE])
  if (known !== undefined) return known
  const session = sessions.begin(undefined)
  setSession(reply, session, settings)
  return session
}

export function setSession(reply: FastifyReply, session: Session, { url }: ConsoleSettings): void {
  void reply.setCookie(SESSION_COOKIE, session.id, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: url?.protocol === 'https:',
    expires: new Date(session.expires),
  })
}

/** A name that somebody else makes lead here would let their page read ours. */
function checkHost(request: FastifyRequest, { host, url }: ConsoleSettings): void {
  const asked = request.hostname.replace(/^\[|\]$/gu, '')
  if (url !== undefined && asked === url.hostname.replace(/^\[|\]$/gu, '')) return
  if (isLoopback(asked)) return
  if (!isLoopback(host) && url === undefined) return
  throw new Refusal('host')
}

function checkOrigin(request: FastifyRequest, { url }: ConsoleSettings): void {
  const { origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('forged')
  if (origin === undefined) return
  if (URL.parse(origin)?.host !== request.host && origin !== url?.origin) throw new Refusal('forged')
}

/** @throws Refusal where it is not that of the browser's own session */
export function checkToken(request: FastifyRequest, sessions: Sessions, given: string | undefined): void {
  const { token = '' } = sessions.get(request.cookies[SESSION_COOKIE]) ?? {}
  const [a, b] = [Buffer.from(token), Buffer.from(given ?? header(request))]
  if (token === '' || a.length !== b.length || !timingSafeEqual(a, b)) throw new Refusal('forged')
}

function header(request: FastifyRequest): string {
  const value = request.headers[TOKEN_HEADER]
  return typeof value === 'string' ? value : ''
}

function tokenIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !(TOKEN in body)) return undefined
  return typeof body[TOKEN] === 'string' ? body[TOKEN] : undefined
}
