import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { until } from './gates.js'

interface Received {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly type: string | undefined
  readonly body: unknown
}

/** A chat's webhook. */
export interface WebhookServer {
  readonly url: string
  /** All that came, in order, whatever the answer was. */
  readonly received: readonly Received[]
  /** How the next requests are answered, a status each; `silence` never is. All others get 200. */
  answer(...with_: readonly (number | 'silence')[]): void
  /** Resolves when so many have come. */
  has(count: number): Promise<void>
  close(): Promise<void>
}

/** The part of its address that only those know who may write there. */
export const TOKEN = 'T0/B0/token-of-the-channel'

export async function startWebhook(): Promise<WebhookServer> {
  const received: Received[] = []
  let answers: (number | 'silence')[] = []
  const respond = (response: ServerResponse): void => {
    const answer = answers.shift() ?? 200
    if (answer === 'silence') return
    response.writeHead(answer, answer === 302 ? { location: '/elsewhere' } : {}).end('ok')
  }
  const server = createServer((request, response) => {
    let text = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    request.on('end', () => {
      const { method, url: path } = request
      received.push({ method, path, type: request.headers['content-type'], body: JSON.parse(text || 'null') })
      respond(response)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/services/${TOKEN}`,
    received,
    answer: (...next) => (answers = [...next]),
    has: (count) => until(`${count} messages`, () => Promise.resolve(received.length >= count)),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
