import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { buildWithGo, firstLine } from './go-build.js'
import { cacheDir, makeOwnDir } from './places.js'

const run = promisify(execFile)
// v1.5.1 is the last version that `go install` takes: later ones carry a local `replace` (temporalio/cli#907).
const source = 'github.com/temporalio/cli/cmd/temporal@v1.5.1'

type Env = Readonly<Record<string, string | undefined>>

/**
 * The path of a `temporal` program that can run a development server, in this order: `TEMPORAL_CLI`, the PATH, our
 * cache folder, built with Go into the cache folder. `say` gets a line before the building, which takes minutes.
 * Throws when `TEMPORAL_CLI` is set to something else, or when there is no way left.
 *
 * The download that the Temporal SDK offers is left out: it asks a host of its own, and where only package registries
 * can be reached it hangs instead of failing.
 */
export async function findTemporal(
  env: Env,
  say: (line: string) => void,
  cache: string = cacheDir(env),
): Promise<string> {
  const wanted = env['TEMPORAL_CLI']
  if (wanted) {
    const failure = await whyNot(wanted)
    if (failure === undefined) return wanted
    throw new Error(`TEMPORAL_CLI is ${wanted}, which is no temporal program: ${failure}`)
  }
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'temporal')
    if (folder !== '' && (await whyNot(path)) === undefined) return path
  }
  const bin = join(cache, 'bin')
  await makeOwnDir(cache)
  await makeOwnDir(bin)
  const kept = join(bin, 'temporal')
  if ((await whyNot(kept)) === undefined) return kept

  const failure = await build(env, bin, say)
  if (failure === undefined) return kept
  throw new Error(
    [
      `No temporal program found, and it could not be built: ${failure}. One of these helps:`,
      '  · put the temporal CLI on the PATH (https://docs.temporal.io/cli)',
      '  · set TEMPORAL_CLI to its path',
      `  · put it at ${kept}`,
      `  · install Go 1.24 or newer, for: CGO_ENABLED=0 go install ${source}`,
    ].join('\n'),
  )
}

/** Undefined when the program answers `--version` as the temporal CLI does. */
async function whyNot(path: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK)
    // A quarter of a gigabyte: the first look at it on a slow disk takes its time.
    const { stdout } = await run(path, ['--version'], { timeout: 60_000 })
    return stdout.startsWith('temporal version') ? undefined : 'it answers --version with something else'
  } catch (error) {
    return firstLine(error)
  }
}

/** Builds the CLI from the Go module proxy; undefined when it is there and works. */
async function build(env: Env, bin: string, say: (line: string) => void): Promise<string | undefined> {
  const kept = join(bin, 'temporal')
  const announce = () =>
    say(`Building the Temporal development server with Go, once: 3 to 4 minutes, 250 MB, kept in ${kept}`)
  return (await buildWithGo({ source, name: 'temporal' }, bin, env, announce)) ?? (await whyNot(kept))
}
