import { execFile } from 'node:child_process'
import { chown, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { freePort, isPortFree } from './places.js'
import { blockedAt, postgresBinaries, serverUser } from './postgres-binaries.js'
import { type Launched, type RunAs, endForeign, inspect, launch, waitUntil } from './processes.js'

const run = promisify(execFile)

/** A running PostgreSQL on 127.0.0.1; superuser `postgres`, no password. */
export interface PostgresServer {
  readonly port: number
  readonly pid: number
  /** `postgres://…` of one of its databases; the database need not exist yet. */
  url(database: string): string
  /** Ends it and waits: `fast` (default) closes sessions and writes a checkpoint, `immediate` is like a crash. */
  stop(mode?: 'fast' | 'immediate'): Promise<void>
}

interface Cluster {
  readonly data: string
  readonly log: string
  /** Holds the id of the process that started the server. */
  readonly owner: string
  readonly user: RunAs | undefined
  readonly env: NodeJS.ProcessEnv
}

/**
 * Starts PostgreSQL on a folder, making the cluster the first time; resolves when it answers queries.
 * `dir` then holds `data`, `server.log` and `owner.pid`. `port`: a free one by default. `settings` are passed as `-c`.
 * A server that its starter left behind (kill -9) is ended first; one whose starter lives is an error.
 */
export async function startPostgres(options: {
  readonly dir: string
  readonly port?: number
  /** Taken where it is free and no port is asked for. */
  readonly preferredPort?: number
  readonly settings?: Readonly<Record<string, string>>
}): Promise<PostgresServer> {
  const user = await serverUser()
  const binaries = await postgresBinaries(user)
  const cluster = await prepare(options.dir, user)
  if (!(await exists(cluster.data))) await initialise(binaries.initdb, cluster)
  const wasLeftBehind = await endLeftover(cluster)

  const port = options.port ?? (await freePort(options.preferredPort))
  if (!(await waitUntil(() => isPortFree(port), 1_000))) {
    throw new Error(`PostgreSQL cannot start: port ${port} on 127.0.0.1 is in use by another program`)
  }
  const args = serverArguments(cluster, port, options.settings ?? {})
  // The children of a killed server hold its shared memory for a moment longer, and until then it does not start.
  const deadline = performance.now() + (wasLeftBehind ? 10_000 : 0)
  for (;;) {
    await writeFile(cluster.owner, String(process.pid))
    const server = await launch(binaries.postgres, args, {
      ...cluster,
      cwd: cluster.data,
      logFile: cluster.log,
    })
    const failure = await whenReady(server, port, cluster.data)
    if (failure === undefined) return handle(server, port)
    if (performance.now() > deadline) throw failure
  }
}

function handle(server: Launched, port: number): PostgresServer {
  return {
    port,
    pid: server.pid,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${encodeURIComponent(database)}`,
    stop: (mode = 'fast') => server.end(mode === 'fast' ? 'SIGINT' : 'SIGQUIT', 'SIGQUIT', 30_000),
  }
}

async function prepare(dir: string, user: RunAs | undefined): Promise<Cluster> {
  await mkdir(dir, { recursive: true, mode: 0o755 })
  const base = await realpath(dir)
  const blocked = await blockedAt(base, user)
  if (blocked !== undefined) {
    throw new Error(
      `PostgreSQL runs as user "${user?.name}" and may not enter ${blocked}: open it (chmod o+x), or set STATE_DIR to a folder it can reach`,
    )
  }
  // A PGPORT or PGOPTIONS meant for another database must not reach this one.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name)))
  return {
    data: join(base, 'data'),
    log: join(base, 'server.log'),
    owner: join(base, 'owner.pid'),
    user,
    env,
  }
}

async function initialise(initdb: string, { data, user, env }: Cluster): Promise<void> {
  const aside = `${data}.new`
  const locales = [
    ['--locale=C.UTF-8'],
    // Where the system has no C.UTF-8, PostgreSQL's own.
    ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ]
  let failure: unknown
  for (const locale of locales) {
    // Aside and renamed: an initdb that was killed leaves a folder that looks like a cluster and is none.
    await rm(aside, { recursive: true, force: true })
    await mkdir(aside, { mode: 0o700 })
    if (user) await chown(aside, user.uid, user.gid)
    const args = [
      '-D',
      aside,
      '--username=postgres',
      '--auth=trust',
      '--encoding=UTF8',
      ...locale,
      '--no-sync',
    ]
    try {
      await run(initdb, args, { cwd: aside, env, ...(user && { uid: user.uid, gid: user.gid }) })
      await rename(aside, data)
      return
    } catch (error) {
      failure = error
    }
  }
  throw new Error(
    `initdb failed in ${aside}: ${failure instanceof Error ? failure.message : String(failure)}`,
    {
      cause: failure,
    },
  )
}

function serverArguments(
  cluster: Cluster,
  port: number,
  settings: Readonly<Record<string, string>>,
): string[] {
  const all = {
    ...settings,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: String(port),
  }
  return ['-D', cluster.data, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

/** Makes the way free on this data folder; true when an earlier server had not been stopped properly. */
async function endLeftover({ data, owner }: Cluster): Promise<boolean> {
  const lockFile = join(data, 'postmaster.pid')
  const [line] = (await readFile(lockFile, 'utf8').catch(() => '')).split('\n')
  if (line === undefined || line === '') return false
  const pid = Number(line)
  const found = await inspect(pid)
  // Of a dead server: PostgreSQL clears the file itself, after looking whether its children are gone too.
  if (found === undefined) return true
  if (!found.command.includes('postgres') || !found.command.includes(`-D ${data} `)) {
    // The number went to another program; PostgreSQL would take that for its predecessor and refuse to start.
    await rm(lockFile, { force: true })
    return true
  }
  // The kernel gives an orphan another parent, so this tells a living starter from a dead one.
  if (found.parent === Number(await readFile(owner, 'utf8').catch(() => ''))) {
    // Unless it is just dying.
    if (await waitUntil(async () => (await inspect(pid)) === undefined, 2_000)) return true
    throw new Error(
      `${data} is in use: PostgreSQL ${pid} runs there, started by process ${found.parent}. Stop that first`,
    )
  }
  await endForeign(pid, ['SIGINT', 'SIGQUIT'])
  return true
}

/** Undefined once our server answers; an error when it ended first or took more than a minute. */
async function whenReady(server: Launched, port: number, data: string): Promise<Error | undefined> {
  let silence: unknown = 'not asked'
  await waitUntil(async () => {
    if (server.isRunning()) silence = await whySilent(port, data)
    return !server.isRunning() || silence === undefined
  }, 60_000)
  if (silence === undefined && server.isRunning()) return undefined
  if (server.isRunning()) await server.end('SIGQUIT', 'SIGKILL', 10_000)
  return new Error(
    `PostgreSQL did not start in ${data} (${await server.ended}):\n${await server.lastLines()}`,
    { cause: silence },
  )
}

/** Undefined when a query got its answer from the server of this folder. */
async function whySilent(port: number, data: string): Promise<unknown> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: 'postgres',
    database: 'postgres',
    connectionTimeoutMillis: 5_000,
    // Set, so that PGSSLMODE and PGOPTIONS are not looked at.
    ssl: false,
    options: ' ',
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    // Between our look at the port and now another server may have taken it.
    const { rows } = await client.query<{ data_directory: string }>('show data_directory')
    return rows[0]?.data_directory === data ? undefined : `another server answers on port ${port}`
  } catch (error) {
    return error
  } finally {
    await client.end().catch(() => undefined)
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
