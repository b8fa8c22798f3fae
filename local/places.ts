import { randomInt } from 'node:crypto'
import { lstat, mkdir } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

type Env = Readonly<Record<string, string | undefined>>

/** True when this process is root, for whom PostgreSQL has to run as another user. */
export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * Where things that are costly to make again are kept, outside the checkout.
 * Root's home is closed to the user PostgreSQL runs as, hence /var/tmp.
 */
export function cacheDir(env: Env): string {
  if (isRoot()) return '/var/tmp/master-sync'
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'master-sync')
}

/** Where the embedded servers keep their data: `STATE_DIR`, else in the cache folder. */
export function stateDir(env: Env): string {
  return env['STATE_DIR'] ? resolve(env['STATE_DIR']) : join(cacheDir(env), 'local')
}

/**
 * Makes a folder that only this user writes to. Throws when it exists and someone else could have put files
 * into it: what lies there gets executed, and /var/tmp is open to everybody.
 */
export async function makeOwnDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o755 })
  const found = await lstat(path)
  const uid = process.getuid?.() ?? found.uid
  if (!found.isDirectory() || found.uid !== uid || (found.mode & 0o022) !== 0) {
    throw new Error(
      `${path} must be a folder that belongs to the current user and that nobody else can write to`,
    )
  }
}

// Below the range from which systems take the local ports of outgoing connections (32768 up on Linux, 49152 on
// macOS): a server that is stopped and started again must find its port free, and a client that retries in the
// meantime must not end up connected to itself.
const lowest = 20_000
const highest = 32_000

/** A free TCP port on 127.0.0.1: the preferred one if it is free, else any. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isPortFree(preferred))) return preferred
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = randomInt(lowest, highest)
    if (await isPortFree(port)) return port
  }
  throw new Error(`no free port found on 127.0.0.1 between ${lowest} and ${highest}`)
}

/** Whether a server could listen on 127.0.0.1 at this port now. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer()
    probe.once('error', () => done(false))
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => done(true)))
  })
}

/** Whether something accepts connections on 127.0.0.1 at this port. Unlike a trial bind it is in nobody's way. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.once('connect', () => done(true)).once('error', () => done(false))
    socket.once('connect', () => socket.destroy())
  })
}
