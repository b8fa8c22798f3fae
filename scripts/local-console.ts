import { processRedactor } from '../config/secrets.js'
import type { RunningConsole } from '../console/start-console.js'
import { readEnvironment } from '../core/options.js'
import type { LocalSystem } from '../local/system.js'
import { App } from '../operations/app.js'

/** Opens the web pages of a system on this machine, for whoever sits at it. */
export async function openConsole({ env, consolePort, consoleLog }: LocalSystem): Promise<RunningConsole> {
  const { OPERATOR } = process.env
  const app = new App(readEnvironment({ ...env, OPERATOR, CONSOLE_PORT: String(consolePort) }, () => ''))
  const { startConsole } = await import('../console/start-console.js')
  const { pino } = await import('pino')
  const log = pino(pino.destination(consoleLog))
  const running = await startConsole(app, processRedactor(), log)
  return {
    url: running.url,
    stop: async () => {
      await running.stop()
      await app.close()
    },
  }
}
