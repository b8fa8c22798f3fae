import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Session, Sessions } from '../access/sessions.js'
import { Refusal } from './refusal.js'

/** The field of every form, and the header of htmx, that says it was this console's own page that asked. */
export const TOKEN = 'token'
const TOKEN_HEADER = 'x-csrf-token'

/** @throws Refusal where it is not that of the browser's own session */
export function checkToken(request: FastifyRequest, sessions: Sessions, given: string | undefined): void {
  const { token }: Session = sessions.of(request)
  const [a, b] = [Buffer.from(token), Buffer.from(given ?? header(request))]
  if (token === '' || a.length !== b.length || !timingSafeEqual(a, b)) throw new Refusal('forged')
}

function header(request: FastifyRequest): string {
  const value = request.headers[TOKEN_HEADER]
  return typeof value === 'string' ? value : ''
}

/** What a form brings back. */
export function tokenIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !(TOKEN in body)) return undefined
  return typeof body[TOKEN] === 'string' ? body[TOKEN] : undefined
}
