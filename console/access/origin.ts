import type { FastifyRequest } from 'fastify'
import { Refusal } from '../request/refusal.js'
import type { ConsoleSettings } from '../settings.js'
import { isLoopback, urlFrom } from '../request/web-address.js'

/** They only look. */
export const SAFE: readonly string[] = ['GET', 'HEAD']

/** A name that somebody else makes lead here would let their page read ours. */
export function checkHost(request: FastifyRequest, { url, signIn }: ConsoleSettings): void {
  // As it was sent: what a proxy says of it, a page could say as well.
  const asked = urlFrom(`http://${request.headers.host ?? ''}`)?.hostname
  if (asked !== undefined && (isLoopback(asked) || asked === url?.hostname)) return
  // Under such a name a browser has no session of ours.
  if (signIn !== undefined && url === undefined) return
  throw new Refusal('host')
}

/** @throws Refusal where a page of somebody else made a browser ask, other than to open ours */
export function checkOrigin(request: FastifyRequest, { url }: ConsoleSettings): void {
  const { host, origin } = request.headers
  const site = request.headers['sec-fetch-site']
  if (site === 'cross-site' && !isFromElsewhere(request)) throw new Refusal('forged')
  if (SAFE.includes(request.method)) return
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw new Refusal('forged')
  if (origin === undefined || origin === url?.origin) return
  if (urlFrom(origin)?.host !== urlFrom(`http://${host ?? ''}`)?.host) throw new Refusal('forged')
}

/** Whether a link of another site led here: the browser then keeps the session to itself. */
export function isFromElsewhere({ method, headers }: FastifyRequest): boolean {
  return (
    method === 'GET' && headers['sec-fetch-site'] === 'cross-site' && headers['sec-fetch-mode'] === 'navigate'
  )
}
