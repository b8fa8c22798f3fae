import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'

/** A TCP proxy in front of a server on 127.0.0.1 that counts what passes, both ways. */
export interface Wire {
  /** The URL with the proxy's port in place of the server's. */
  readonly url: (url: string) => string
  readonly bytes: () => number
  readonly close: () => Promise<void>
}

export async function countingProxy(port: number): Promise<Wire> {
  let bytes = 0
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (chunk) => {
        bytes += chunk.length
      })
      from.on('error', () => to.destroy())
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const own = (server.address() as AddressInfo).port
  return {
    url: (url) => {
      const proxied = new URL(url)
      proxied.port = String(own)
      return proxied.toString()
    },
    bytes: () => bytes,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
