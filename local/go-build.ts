import { execFile } from 'node:child_process'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

type Env = Readonly<Record<string, string | undefined>>

/** A program that `go install` makes. */
interface GoProgram {
  /** As `go install` takes it, with its version. */
  readonly source: string
  readonly name: string
}

/**
 * Builds a program from the Go module proxy into a folder; returns why not, when it could not. `announce` is called
 * before the building, which takes minutes, and not where Go is missing.
 */
export async function buildWithGo(
  { source, name }: GoProgram,
  folder: string,
  env: Env,
  announce: () => void,
): Promise<string | undefined> {
  try {
    await run('go', ['version'], { env: { ...env } })
  } catch (error) {
    return `Go does not run (${firstLine(error)})`
  }
  // Aside and renamed: an interrupted build must not leave half a program behind.
  const aside = join(folder, `building-${name}-${process.pid}`)
  await mkdir(aside, { recursive: true })
  announce()
  try {
    await run('go', ['install', source], {
      env: { ...env, CGO_ENABLED: '0', GOBIN: aside },
      timeout: 30 * 60_000,
    })
    await rename(join(aside, name), join(folder, name))
    return undefined
  } catch (error) {
    return firstLine(error)
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
}

/** The first line of what a program wrote when it failed, else of the failure itself. */
export function firstLine(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string }
  return (stderr?.trim() || message).split('\n', 1)[0] ?? ''
}
