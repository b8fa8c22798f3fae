import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildWithGo } from '../../local/go-build.js'
import { cacheDir, makeOwnDir } from '../../local/places.js'

const run = promisify(execFile)
const VERSION = 'v1.8.0'
const source = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`

/** The path of the S3 server of the tests, built once with Go into the cache folder. */
export async function findVersitygw(
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
): Promise<string> {
  const cache = cacheDir(env)
  // It does not know its own version, so that a folder tells it.
  const bin = join(cache, 'bin', `versitygw-${VERSION}`)
  for (const path of [cache, join(cache, 'bin'), bin]) await makeOwnDir(path)
  const kept = join(bin, 'versitygw')
  if (await works(kept)) return kept
  const announce = () =>
    say(`Building the S3 server of the tests with Go, once: 2 to 3 minutes, 60 MB, kept in ${kept}`)
  const failure = await buildWithGo({ source, name: 'versitygw' }, bin, env, announce)
  if (failure === undefined && (await works(kept))) return kept
  throw new Error(
    `No S3 server for the tests: ${failure ?? `${kept} does not run`}. Install Go, or put versitygw ${VERSION} there: CGO_ENABLED=0 go install ${source}`,
  )
}

async function works(path: string): Promise<boolean> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: 60_000 })
    return stdout.startsWith('Version')
  } catch {
    return false
  }
}
