import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { Attempts } from './attempts.js'
import type { Gate } from './gate.js'
import { ownPath } from '../request/own-path.js'
import { passwordIs } from './password.js'
import type { Sessions } from './sessions.js'
import { sendSignIn } from './sign-in-page.js'
import { readAs } from '../request/read-as.js'
import { seeOther, visitOf } from '../request/visit.js'

const typed = z.object({
  name: z.string().max(64).catch(''),
  password: z.string().max(1_000).catch(''),
  back: z.unknown().optional(),
})

/** Signing in by a name and a password. */
export function passwordPages(
  server: FastifyInstance,
  sessions: Sessions,
  gate: Extract<Gate, { by: 'users' }>,
): void {
  const attempts = new Attempts()
  server.post('/sign-in', { config: { open: true } }, async (request, reply) => {
    const { name, password, back } = readAs(typed, request.body ?? {})
    const visit = visitOf(request)
    const known = gate.users.get(name)
    attempts.begin(request.ip, name)
    if (await passwordIs(password, known?.password)) {
      attempts.forgive(request.ip, name)
      // It may be another one by now, or nobody's.
      const user = gate.users.get(name)
      if (user !== undefined && user.password === known?.password) {
        sessions.begin(request, reply, { name, role: user.role, proof: user.password })
        visit.log.info({ audit: { who: name, role: user.role, what: 'signed_in' } })
        return seeOther(reply, ownPath(back))
      }
    }
    // A name that nobody has may be a password that was typed in its place.
    visit.log.warn({ audit: { who: known?.name ?? null, what: 'sign_in_failed' } })
    return sendSignIn(reply.code(401), visit, gate, { back: ownPath(back), failed: { name } })
  })
}
