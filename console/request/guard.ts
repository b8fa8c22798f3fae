import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { App } from '../../operations/app.js'
import { userOf, type Gate } from '../access/gate.js'
import { sendOn } from '../access/go-on.js'
import { checkHost, checkOrigin, isFromElsewhere, SAFE } from '../access/origin.js'
import { ownPath } from './own-path.js'
import { mayAs, type Role, type User } from '../access/roles.js'
import type { Sessions } from '../access/sessions.js'
import type { ConsoleSettings } from '../settings.js'
import { Refusal } from './refusal.js'
import { checkToken, tokenIn } from './token.js'
import { letPass, seeOther } from './visit.js'

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

/** Stands before every page: who asks, whether they may, and whether it was our own page that made them ask. */
export function guard(
  server: FastifyInstance,
  app: App,
  settings: ConsoleSettings,
  sessions: Sessions,
  gate: Gate,
): void {
  server.addHook('onRequest', (request, reply, done) => {
    // What a page says is for who asked; their browser shows it nobody after they have left.
    void reply.header('cache-control', 'no-store')
    const session = sessions.of(request)
    letPass(request, app, NOBODY, session)
    checkHost(request, settings)
    checkOrigin(request, settings)
    const { role = 'viewer', open = false } = request.routeOptions.config
    if (open) {
      done()
      return
    }
    if (session.token === '' && isFromElsewhere(request)) {
      sendOn(reply, request, request.url)
      return
    }
    const user = userOf(gate, session)
    if (user === undefined) {
      sessions.end(request)
      askToSignIn(request, reply)
      return
    }
    letPass(request, app, user, gate.by === 'nothing' ? sessions.visit(request, reply) : session)
    if (request.is404) throw new Refusal('missing')
    if (!mayAs(user.role, role)) throw new Refusal('role', role)
    done()
  })
  server.addHook('preHandler', (request, _reply, done) => {
    if (!SAFE.includes(request.method)) {
      const { role, open = false, upload = false } = request.routeOptions.config
      if (role === undefined && !open) throw new Error(`${request.url} changes something and names no role`)
      if (!upload) checkToken(request, sessions, tokenIn(request.body))
    }
    done()
  })
}

const NOBODY: User = { name: '-', role: 'viewer' }

/** And to come back where they wanted to be. */
function askToSignIn(request: FastifyRequest, reply: FastifyReply): void {
  const part = request.headers['hx-request'] === 'true'
  const shown = request.headers['hx-current-url']
  const wanted = part ? pathIn(shown) : request.method === 'GET' ? request.url : '/'
  const path = `/sign-in?back=${encodeURIComponent(ownPath(wanted))}`
  // The part of a page that was asked for is no place for a form.
  if (part) void reply.code(401).header('hx-redirect', path).send()
  else seeOther(reply, path)
}

function pathIn(address: unknown): string {
  if (typeof address !== 'string' || !URL.canParse(address)) return '/'
  const { pathname, search } = new URL(address)
  return `${pathname}${search}`
}
