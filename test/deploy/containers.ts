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

/** Not ours, and set in every production process. */
const OTHERS = ['NODE_ENV']

/** Demands that the program reads every one of these variables. */
export function assertKnown(names: Iterable<string>): void {
  const known = new Set([...Object.keys(OPTIONS), ...Object.keys(TEMPORAL_VARIABLES), ...OTHERS])
  for (const name of names) assert.ok(known.has(name.replace(/_FILE$/u, '')), `nothing reads ${name}`)
}

/** Demands that a worker is killed only after it has had the time to stop by itself. */
export function assertPatient(seconds: number): void {
  assert.ok(seconds >= SHUTDOWN_FORCE_SECONDS + 10, `${seconds} s`)
}

export interface HealthCheck {
  readonly command: readonly string[]
  /** As written, e.g. `10s`. */
  readonly timing: Readonly<Record<string, string>>
}

/** The image's own check. */
export async function dockerHealthCheck(): Promise<HealthCheck> {
  const [, options = '', command = ''] =
    /^HEALTHCHECK ([^\\]*)\\\n +CMD (\[.*\])$/mu.exec(await readProjectFile('Dockerfile')) ?? []
  return {
    command: z.array(z.string()).parse(JSON.parse(command)),
    timing: Object.fromEntries<string>(
      [...options.matchAll(/--([a-z-]+)=(\S+)/gu)].map(([, name = '', value = '']) => [name, value]),
    ),
  }
}
