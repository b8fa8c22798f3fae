import { Command } from '@commander-js/extra-typings'
import { processEnvironment } from '../config/environment.js'
import { processRedactor } from '../config/secrets.js'
import { EXIT } from '../core/error-catalogue.js'
import { checkWorkerSettings } from '../operations/worker-settings.js'
import { endSoon, guarded, withApp } from './command.js'

export const worker = new Command('worker')
  .description('host the runs; stops in order on SIGTERM or Ctrl-C / 同期を実行するワーカー')
  .action(async () => {
    process.exitCode = await guarded(async () => {
      const databases = await withApp(async (app) => {
        await checkWorkerSettings(app)
        return app.masters().flatMap(({ source, cloud }) => [source.database, cloud.database])
      })
      // Temporal's native core takes a while to load, which no other verb should wait for.
      const { installRuntime } = await import('../worker/runtime.js')
      const { startWorker } = await import('../worker/run-worker.js')
      const log = installRuntime(processRedactor(databases))
      const { stopped } = await startWorker(processEnvironment())
      log('worker ready / ワーカー起動')
      await stopped
      return EXIT.done
    })
    endSoon()
  })
