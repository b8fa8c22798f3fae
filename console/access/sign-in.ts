import type { FastifyInstance } from 'fastify'
import { userOf, type Gate } from './gate.js'
import { openIdPages } from './openid-pages.js'
import { ownPath } from '../request/own-path.js'
import { passwordPages } from './password-pages.js'
import type { Sessions } from './sessions.js'
import { sendSignIn } from './sign-in-page.js'
import { seeOther, visitOf } from '../request/visit.js'

/** Where people say who they are. */
export function signInPages(server: FastifyInstance, sessions: Sessions, gate: Gate): void {
  server.get<{ Querystring: { back?: unknown } }>(
    '/sign-in',
    { config: { open: true } },
    (request, reply) => {
      const back = ownPath(request.query.back)
      if (userOf(gate, sessions.of(request)) !== undefined) return seeOther(reply, back)
      const visit = { ...visitOf(request), session: sessions.visit(request, reply) }
      return sendSignIn(reply, visit, gate, { back })
    },
  )
  server.post('/sign-out', { config: { role: 'viewer' } }, (request, reply) => {
    sessions.end(request)
    visitOf(request).log.info({ audit: { who: visitOf(request).user.name, what: 'signed_out' } })
    return seeOther(reply, '/sign-in')
  })
  if (gate.by === 'users') passwordPages(server, sessions, gate)
  if (gate.by === 'openid') openIdPages(server, sessions, gate)
}
