import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import type { Redact } from '../core/redact.js'
import type { App } from '../operations/app.js'
import { createConsole } from './server.js'
import { readConsoleSettings } from './settings.js'

/** A console that answers. */
export interface RunningConsole {
  readonly url: string
  stop(): Promise<void>
}

/** Opens the console as the environment of the app says. @throws SyncError OPTION_INVALID */
export async function startConsole(
  app: App,
  redact: Redact,
  log?: FastifyBaseLogger,
): Promise<RunningConsole> {
  const settings = readConsoleSettings(app.environment)
  const server = await createConsole(app, settings, redact, log)
  await server.listen({ host: settings.host, port: settings.port })
  const address = server.server.address() as AddressInfo
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: settings.url?.origin ?? `http://${host}:${address.port}`,
    stop: () => server.close(),
  }
}
