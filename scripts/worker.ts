import { Command } from '@commander-js/extra-typings'
import { processEnvironment } from '../config/environment.js'
import { EXIT } from '../core/error-catalogue.js'
import { installRuntime } from '../worker/runtime.js'
import { startWorker } from '../worker/run-worker.js'
import { guarded, say } from './command.js'

export const worker = new Command('worker')
  .description('host the runs; stops in order on SIGTERM or Ctrl-C / 同期を実行するワーカー')
  .action(async () => {
    process.exitCode = await guarded(async () => {
      installRuntime()
      const { stopped } = await startWorker(processEnvironment())
      say('worker ready / ワーカー起動')
      await stopped
      return EXIT.done
    })
  })
