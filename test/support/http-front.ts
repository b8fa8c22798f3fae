import { once } from 'node:events'
import { createServer, type IncomingMessage, request as send, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What becomes of a request; the default is to pass it on. */
export type Treatment =
  | { readonly answer: number; readonly body: string; readonly type?: string }
  /** The connection breaks off after so many bytes of the server's answer. */
  | { readonly cutAfter: number; readonly then?: () => Promise<void> }

/** The question that a request is, for a rule: its method and path, and what it asks of DynamoDB. */
interface Asked {
  readonly method: string
  readonly path: string
  readonly target: string
  readonly range: string
  readonly body: string
}

/** A server in front of another, which does to some requests what networks and busy servers do. */
export interface Front {
  readonly url: string
  /** All that were asked, in order. */
  readonly asked: readonly Asked[]
  /** Decides on each request from now on. */
  treat(rule: (asked: Asked) => Treatment | undefined): void
  close(): Promise<void>
}

export async function startFront(behind: string): Promise<Front> {
  const asked: Asked[] = []
  let rule: (asked: Asked) => Treatment | undefined = () => undefined
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const one = read(request, body)
      asked.push(one)
      const treatment = rule(one)
      if (treatment === undefined || 'cutAfter' in treatment) {
        pass(behind, request, body, response, treatment)
        return
      }
      response.writeHead(treatment.answer, { 'content-type': treatment.type ?? 'application/xml' })
      response.end(treatment.body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    treat: (next) => (rule = next),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function read({ method = '', url = '', headers }: IncomingMessage, body: Buffer): Asked {
  const target = String(headers['x-amz-target'] ?? '').replace(/^.*\./u, '')
  return { method, path: url, target, range: headers.range ?? '', body: body.toString() }
}

/** The host stays as the client signed it. */
function pass(
  behind: string,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  treatment: Extract<Treatment, { readonly cutAfter: number }> | undefined,
): void {
  const options = { method: request.method, headers: request.headers, agent: false }
  const onward = send(new URL(request.url ?? '/', behind), options, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    if (treatment === undefined) {
      answer.pipe(response)
      return
    }
    let passed = 0
    answer.on('data', (chunk: Buffer) => {
      const part = chunk.subarray(0, Math.max(0, treatment.cutAfter - passed))
      passed += chunk.length
      if (part.length > 0) response.write(part)
    })
    answer.on('end', () => {
      // What was written has to leave before the connection does.
      setTimeout(() => {
        void (treatment.then?.() ?? Promise.resolve()).finally(() => response.destroy())
      }, 50)
    })
  })
  onward.on('error', () => response.destroy())
  response.on('close', () => onward.destroy())
  onward.end(body)
}
