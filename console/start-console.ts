import type { AddressInfo } from 'node:net'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { SyncError } from '../core/errors.js'
import type { Redact } from '../core/redact.js'
import type { App } from '../operations/app.js'
import { createConsole } from './server.js'
import { readConsoleSettings, type ConsoleSettings } from './settings.js'

/** A console that answers. */
export interface RunningConsole {
  readonly url: string
  stop(): Promise<void>
}

/** Opens the console as the environment of the app says. @throws SyncError OPTION_INVALID, SIGN_IN_MISSING, PORT_TAKEN */
export async function startConsole(
  app: App,
  redact: Redact,
  log?: FastifyBaseLogger,
): Promise<RunningConsole> {
  const settings = readConsoleSettings(app.environment)
  const server = await createConsole(app, settings, redact, log)
  await listen(server, settings)
  const address = server.server.address() as AddressInfo
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return {
    url: settings.url?.origin ?? `http://${host}:${address.port}`,
    stop: () => server.close(),
  }
}

async function listen(server: FastifyInstance, { host, port }: ConsoleSettings): Promise<void> {
  try {
    await server.listen({ host, port })
  } catch (cause) {
    await server.close()
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'EADDRINUSE')
      throw new SyncError('PORT_TAKEN', `CONSOLE_PORT ${port} on ${host} is in use already`, { cause })
    const message = `CONSOLE_PORT ${port} on CONSOLE_HOST ${host} cannot be opened: ${code}`
    throw new SyncError('OPTION_INVALID', message, { cause })
  }
}
