import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { z } from 'zod'
import { reportSchema, type RunReport } from '../../core/report.js'
import { command } from '../support/servers.js'

export const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))

/** Longer than any command here may take: one that hangs fails its test rather than the whole run. */
const PATIENCE_MS = 150_000

type Variables = Readonly<Record<string, string>>

/** What a command left behind. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command under way. */
export interface Running {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when stderr holds the text; rejects when the command ends without. */
  says(text: string | RegExp): Promise<void>
}

/** Starts `master-sync …` as a user does: a process of its own that knows nothing but these variables. */
export function startCli(env: Variables, ...args: readonly string[]): Running {
  return start(process.execPath, [command(), ...args], env)
}

export function cli(env: Variables, ...args: readonly string[]): Promise<Ended> {
  return startCli(env, ...args).ended
}

export function start(command: string, args: readonly string[], env: Variables): Running {
  const child = spawn(command, args, {
    cwd: CHECKOUT,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  let heard = (): void => undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    heard()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      resolve({ code, stdout, stderr })
    })
  })
  return {
    process: child,
    ended,
    says: (text) =>
      new Promise((resolve, reject) => {
        heard = () => {
          if (typeof text === 'string' ? stderr.includes(text) : text.test(stderr)) resolve()
        }
        heard()
        ended.then(() => {
          reject(new Error(`ended without saying ${String(text)}:\n${stderr}`))
        }, reject)
      }),
  }
}

/** Demands an exit code; shows what the command said where it is another. */
export function exits(ended: Ended, code: number): void {
  assert.equal(ended.code, code, `exit ${String(ended.code)}\n${ended.stdout}\n${ended.stderr}`)
}

/** The one JSON object that stdout must be. */
export function jsonIn<T>(ended: Ended, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(ended.stdout))
  } catch (cause) {
    throw new Error(`not the one JSON object that was expected:\n${ended.stdout}\n${ended.stderr}`, { cause })
  }
}

export function reportIn(ended: Ended): RunReport {
  return jsonIn(ended, reportSchema)
}

/** Demands that a command ended with an error told plainly: its exit, its code, what it names, and no stack trace. */
export function tells(
  ended: Ended,
  code: number,
  error: string,
  ...parts: readonly (string | RegExp)[]
): void {
  exits(ended, code)
  assert.ok(ended.stderr.includes(`[${error}]`), `no [${error}] in:\n${ended.stderr}`)
  for (const part of parts) {
    const found = typeof part === 'string' ? ended.stderr.includes(part) : part.test(ended.stderr)
    assert.ok(found, `no ${String(part)} in:\n${ended.stderr}`)
  }
  assert.doesNotMatch(ended.stderr, /^\s+at .*:\d+:\d+/mu)
}

/** The first statement of a remedy that begins so, as a person would copy it. */
export function statementIn(text: string, begins: string): string {
  const found = text
    .split('\n')
    .map((line) => line.slice(Math.max(0, line.indexOf(begins))))
    .find((line) => line.startsWith(begins))
  assert.ok(found !== undefined, `no statement "${begins}…" in:\n${text}`)
  return found
}
