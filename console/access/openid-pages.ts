import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Gate } from './gate.js'
import { sendOn } from './go-on.js'
import { CALLBACK } from './openid-settings.js'
import { ownPath } from '../request/own-path.js'
import { Refusal } from '../request/refusal.js'
import type { Sessions } from './sessions.js'
import { visitOf } from '../request/visit.js'

const WITHIN_SECONDS = 600

const going = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), back: z.string() })
type Going = Readonly<z.infer<typeof going>>

/** Signing in at an OpenID Connect provider, and coming back from there. */
export function openIdPages(
  server: FastifyInstance,
  sessions: Sessions,
  { provider }: Extract<Gate, { by: 'openid' }>,
): void {
  server.get<{ Querystring: { back?: unknown } }>(
    '/sign-in/openid',
    { config: { open: true } },
    async (request, reply) => {
      const { url, going } = await provider.begin()
      keep(reply, sessions, { ...going, back: ownPath(request.query.back) })
      return reply.redirect(url.href, 303)
    },
  )
  server.get(CALLBACK, { config: { open: true } }, async (request, reply) => {
    const kept = keptBy(request, sessions)
    forget(reply, sessions)
    // Asked for by nobody, too late, or for a second time.
    if (kept === undefined) throw new Refusal('forged')
    const user = await provider.end(request.url.split('?')[1] ?? '', kept)
    const { log } = visitOf(request)
    if (user === undefined) {
      log.warn({ audit: { who: null, what: 'sign_in_failed' } })
      throw new Refusal('stranger')
    }
    sessions.begin(request, reply, user)
    log.info({ audit: { who: user.name, role: user.role, what: 'signed_in' } })
    return sendOn(reply, request, kept.back)
  })
}

/** Brought back from the provider's site, which a strict cookie is not; it is worth nothing after that. */
function keep(reply: FastifyReply, sessions: Sessions, kept: Going): void {
  const value = Buffer.from(JSON.stringify(kept)).toString('base64url')
  void reply.setCookie(cookieOf(sessions), value, { ...attributes(sessions), maxAge: WITHIN_SECONDS })
}

function forget(reply: FastifyReply, sessions: Sessions): void {
  void reply.clearCookie(cookieOf(sessions), attributes(sessions))
}

function keptBy(request: FastifyRequest, sessions: Sessions): Going | undefined {
  const value = request.cookies[cookieOf(sessions)]
  if (value === undefined) return undefined
  try {
    return going.parse(JSON.parse(Buffer.from(value, 'base64url').toString()))
  } catch {
    return undefined
  }
}

function attributes({ secure }: Sessions) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure } as const
}

function cookieOf({ secure }: Sessions): string {
  return secure ? '__Host-master_sync_openid' : 'master_sync_openid'
}
