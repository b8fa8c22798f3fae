import { createServer, type RequestListener, type Server } from 'node:http'
import { once } from 'node:events'
import { SyncError } from '../core/errors.js'
import { expose, EXPOSITION_TYPE } from './exposition.js'
import { metricFamilies, type MasterState, type WorkerState } from './metrics.js'

/** What the worker tells of itself and its masters. */
export interface Told {
  /** In Temporal's word, e.g. RUNNING. */
  readonly state: () => string
  readonly worker: () => WorkerState
  readonly masters: () => Promise<readonly MasterState[]>
}

/**
 * Answers `GET /healthz` with 200 while the worker takes work and with 503 otherwise, and `GET /metrics`.
 * @throws SyncError PORT_TAKEN, OPTION_INVALID
 */
export async function serveHealth(told: Told, port: number, host: string): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.replace(/\?.*$/su, '')
    const answer = path === undefined ? undefined : ANSWERS.get(path)
    if (answer === undefined) response.writeHead(404).end()
    else if (request.method !== 'GET' && request.method !== 'HEAD')
      response.writeHead(405, { allow: 'GET, HEAD' }).end()
    else answer(told)(request, response)
  })
  server.listen(port, host)
  await once(server, 'listening').catch((cause: unknown) => {
    throw refused(cause, port, host)
  })
  return server
}

const ANSWERS: ReadonlyMap<string, (told: Told) => RequestListener> = new Map([
  ['/healthz', health],
  ['/metrics', metrics],
])

function health({ state, worker }: Told): RequestListener {
  return (_, response) => {
    const { running, steps } = worker()
    const body = JSON.stringify({ state: state(), steps })
    response.writeHead(running ? 200 : 503, { 'content-type': 'application/json' }).end(body)
  }
}

function metrics({ worker, masters }: Told): RequestListener {
  return (_, response) => {
    masters()
      .then((states) => {
        const body = expose(metricFamilies(states, worker()))
        response.writeHead(200, { 'content-type': EXPOSITION_TYPE }).end(body)
      })
      .catch(() => response.writeHead(500).end())
  }
}

function refused(cause: unknown, port: number, host: string): SyncError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  if (code === 'EADDRINUSE')
    return new SyncError('PORT_TAKEN', `HEALTH_PORT ${port} on ${host} is in use already`, { cause })
  return new SyncError(
    'OPTION_INVALID',
    `HEALTH_PORT ${port} on HEALTH_HOST ${host} cannot be opened: ${code}`,
    {
      cause,
    },
  )
}
