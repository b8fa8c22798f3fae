import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import type { Worker } from '@temporalio/worker'

/** Answers `GET /healthz` on 127.0.0.1 with 200 while the worker takes work, with 503 otherwise. */
export async function serveHealth(
  worker: Pick<Worker, 'getState' | 'getStatus'>,
  port: number,
): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.url !== '/healthz') {
      response.writeHead(404).end()
      return
    }
    const state = worker.getState()
    const body = JSON.stringify({ state, steps: worker.getStatus().numInFlightActivities })
    response.writeHead(state === 'RUNNING' ? 200 : 503, { 'content-type': 'application/json' }).end(body)
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}
