import { fileURLToPath } from 'node:url'
import { launch, type Launched } from '../../local/processes.js'
import { workerReady } from '../../local/worker-ready.js'
import { command } from './servers.js'

const PROJECT = fileURLToPath(new URL('../..', import.meta.url))

/** A worker in a process of its own, as `master-sync worker` starts it. */
export interface WorkerProcess {
  readonly pid: number
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves when the process is gone, with how it went ("exit code 0"). */
  end(): Promise<string>
  /** Stops it where it stands (SIGSTOP), until `resume`. */
  stop(): void
  resume(): void
}

/** The worker processes of one test. */
export class Workers {
  readonly #env: Readonly<Record<string, string>>
  readonly #started: Launched[] = []

  constructor(env: Readonly<Record<string, string>>) {
    this.#env = env
  }

  /** Resolves when the worker says that it is ready. */
  async start(env: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> {
    const started = await launch(process.execPath, [command(), 'worker'], {
      cwd: PROJECT,
      env: { ...process.env, ...this.#env, ...env },
    })
    this.#started.push(started)
    await workerReady(started, 30_000)
    return {
      pid: started.pid,
      kill: () => started.end('SIGKILL', 'SIGKILL', 10_000),
      end: async () => {
        await started.end('SIGTERM', 'SIGKILL', 60_000)
        return started.ended
      },
      stop: () => process.kill(started.pid, 'SIGSTOP'),
      resume: () => process.kill(started.pid, 'SIGCONT'),
    }
  }

  /** Ends those that still run. */
  async killAll(): Promise<void> {
    for (const worker of this.#started.splice(0)) {
      if (worker.isRunning()) await worker.end('SIGKILL', 'SIGKILL', 10_000)
    }
  }
}
