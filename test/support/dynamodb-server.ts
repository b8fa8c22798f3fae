import { createRequire } from 'node:module'
import { freePort, isListening } from '../../local/places.js'
import { launch, waitUntil } from '../../local/processes.js'

export interface DynamoDbServer {
  readonly url: string
  stop(): Promise<void>
}

/**
 * A DynamoDB server that keeps everything in memory, in a process of its own: it throws where a client breaks off,
 * and its memory is not to be taken for ours.
 */
export async function startDynamoDb(): Promise<DynamoDbServer> {
  const port = await freePort()
  const program = createRequire(import.meta.url).resolve('dynalite/cli.js')
  const times = ['--createTableMs', '0', '--deleteTableMs', '0', '--updateTableMs', '0']
  const server = await launch(
    process.execPath,
    [program, '--host', '127.0.0.1', '--port', String(port), ...times],
    { cwd: '/', env: { PATH: process.env['PATH'] ?? '' } },
  )
  await waitUntil(() => !server.isRunning() || isListening(port), 30_000)
  if (!server.isRunning()) throw new Error(`the DynamoDB server did not start:\n${await server.lastLines()}`)
  return { url: `http://127.0.0.1:${port}`, stop: () => server.end('SIGTERM', 'SIGKILL', 10_000) }
}
