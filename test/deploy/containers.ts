import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { OPTIONS } from '../../core/option-table.js'
import { TEMPORAL_VARIABLES } from '../../core/temporal-variables.js'
import { SHUTDOWN_FORCE_SECONDS } from '../../worker/run-worker.js'
import { CHECKOUT } from '../cli/run-cli.js'

export function readProjectFile(path: string): Promise<string> {
  return readFile(join(CHECKOUT, path), 'utf8')
}

/** Not ours: read by Node.js, and by what fetches files. */
const OTHERS = ['NODE_ENV', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']

/** Demands that there are such variables, and that the program reads every one of them. */
export function assertKnown(names: readonly string[]): void {
  assert.ok(names.length > 0, 'no variable is found')
  const known = new Set([...Object.keys(OPTIONS), ...Object.keys(TEMPORAL_VARIABLES), ...OTHERS])
  for (const name of names) assert.ok(known.has(name.replace(/_FILE$/u, '')), `nothing reads ${name}`)
}

/** Demands that none of these variables, whose values anybody may read, holds a secret. */
export function assertPlain(variables: Readonly<Record<string, string>>): void {
  const secret = Object.entries({ ...OPTIONS, ...TEMPORAL_VARIABLES }).flatMap(([name, option]) =>
    'secret' in option ? [name] : [],
  )
  for (const [name, value] of Object.entries(variables)) {
    assert.ok(!secret.includes(name), `${name} is a secret`)
    assert.doesNotMatch(value, /:\/\/[^/]*:[^/]*@/u, `${name} holds a password`)
  }
}

/** Demands that a worker is killed only after it has had the time to stop by itself. */
export function assertPatient(seconds: number): void {
  assert.ok(seconds >= SHUTDOWN_FORCE_SECONDS + 10, `${seconds} s`)
}

/** The command by which the image asks for the worker's health. */
export async function dockerHealthCommand(): Promise<readonly string[]> {
  const [, command = ''] =
    /^HEALTHCHECK [^\\]*\\\n +CMD (\[.*\])$/mu.exec(await readProjectFile('Dockerfile')) ?? []
  return z.array(z.string()).parse(JSON.parse(command))
}
