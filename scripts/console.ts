import { Command } from '@commander-js/extra-typings'
import { processRedactor } from '../config/secrets.js'
import { EXIT } from '../core/error-catalogue.js'
import { addUser } from './console-add-user.js'
import { endSoon, guarded, say, withApp } from './command.js'

export const console = new Command('console')
  .description('serve the web pages; stops on SIGTERM or Ctrl-C / Web 画面（コンソール）')
  .action(async () => {
    process.exitCode = await guarded(() =>
      withApp(async (app) => {
        const stopping = new Promise<void>((resolve) => {
          for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
        })
        const databases = app.masters().flatMap(({ source, cloud }) => [source.database, cloud.database])
        const { startConsole } = await import('../console/start-console.js')
        const { pino } = await import('pino')
        const running = await startConsole(app, processRedactor(databases), pino(pino.destination(2)))
        say(`console ready / コンソール起動: ${running.url}`)
        await stopping
        await running.stop()
        return EXIT.done
      }),
    )
    endSoon()
  })
  .addCommand(addUser)
