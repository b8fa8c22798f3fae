import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, stat } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The user a server runs as when that is not the current one. */
export interface RunAs {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** A server process of ours. `ended` resolves, never rejects, with how it went ("exit code 1"). */
export interface Launched {
  readonly pid: number
  readonly ended: Promise<string>
  readonly isRunning: () => boolean
  /** Sends the signal and waits; the second signal follows when `patience` milliseconds were not enough. */
  readonly end: (signal: NodeJS.Signals, then: NodeJS.Signals, patience: number) => Promise<void>
  /** The last lines that this process wrote, for an error message. */
  readonly lastLines: () => Promise<string>
}

interface LaunchOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly user?: RunAs | undefined
  /** Output is appended here; without it only its end is kept, in memory. */
  readonly logFile?: string | undefined
}

const running = new Set<ChildProcess>()
// The last resort when a program ends without having stopped its servers; a kill -9 is past even this.
process.on('exit', () => running.forEach((child) => child.kill('SIGINT')))

/** Starts a server process; throws when it cannot be executed at all. */
export async function launch(
  command: string,
  args: readonly string[],
  options: LaunchOptions,
): Promise<Launched> {
  const { user, logFile } = options
  const log = logFile === undefined ? undefined : await open(logFile, 'a')
  const from = log === undefined ? 0 : (await log.stat()).size
  const output = log?.fd ?? 'pipe'
  let kept = ''
  try {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env,
      stdio: ['ignore', output, output],
      // Its own process group: Ctrl-C reaches us alone, and we stop the servers in the right order.
      detached: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    })
    await once(child, 'spawn')
    running.add(child)
    child.on('error', () => undefined) // a signal that could not be sent; whoever waits for the end sees to it
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        kept = (kept + chunk).slice(-8192)
      })
    }
    const ended = new Promise<string>((done) => {
      child.once('exit', (code, signal) => {
        running.delete(child)
        done(signal === null ? `exit code ${code}` : `signal ${signal}`)
      })
    })
    return {
      pid: child.pid ?? 0,
      ended,
      isRunning: () => running.has(child),
      end: async (signal, then, patience) => {
        child.kill(signal)
        const timer = setTimeout(() => child.kill(then), patience)
        await ended
        clearTimeout(timer)
      },
      lastLines: async () => lastLines(logFile === undefined ? kept : await readFrom(logFile, from)),
    }
  } finally {
    await log?.close()
  }
}

async function readFrom(file: string, from: number): Promise<string> {
  const { size } = await stat(file)
  const handle = await open(file, 'r')
  try {
    const start = Math.max(from, size - 8192)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-12).join('\n')
}

/** What the system says about a process: its parent's id and its command line. Undefined when it is gone. */
export async function inspect(
  pid: number,
): Promise<{ readonly parent: number; readonly command: string } | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined
  try {
    if (process.platform !== 'linux') {
      const { stdout } = await run('ps', ['-o', 'ppid=,args=', '-p', String(pid)])
      const [, parent, command] = /^\s*(\d+)\s+(.*)/.exec(stdout) ?? []
      return parent === undefined ? undefined : { parent: Number(parent), command: command ?? '' }
    }
    // Slim images lack `ps`. The name in brackets may hold anything, so count from its end.
    const status = await readFile(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ')
    // A zombie holds nothing any more; in a container whose init does not reap, it stays for good.
    if (state === 'Z' || state === 'X') return undefined
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trimEnd()
    return { parent: Number(parent), command }
  } catch {
    return undefined
  }
}

/** Ends a process that is not our child, first gently; throws when it outlives both signals. */
export async function endForeign(pid: number, signals: readonly NodeJS.Signals[]): Promise<void> {
  for (const signal of signals) {
    try {
      process.kill(pid, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH') return
      throw error
    }
    if (await waitUntil(async () => (await inspect(pid)) === undefined, 15_000)) return
  }
  throw new Error(`process ${pid} does not end (sent ${signals.join(', ')})`)
}

/** Asks again and again until the answer is yes; false when `timeout` milliseconds have passed. */
export async function waitUntil(
  check: () => boolean | Promise<boolean>,
  timeout: number,
  every = 20,
): Promise<boolean> {
  const deadline = performance.now() + timeout
  while (!(await check())) {
    if (performance.now() > deadline) return false
    await delay(every)
  }
  return true
}
