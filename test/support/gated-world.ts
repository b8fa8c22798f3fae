import assert from 'node:assert/strict'
import pg from 'pg'
import type { RunReport } from '../../core/report.js'
import { followRun } from '../../operations/follow.js'
import { startSync, type StartedRun, type StartOptions } from '../../operations/start.js'
import { closeGate, CLOUD_GATE, CLOUD_GATES, gatedView, SOURCE_GATE, until, type Gate } from './gates.js'
import { Workers } from './worker-process.js'
import { createWorld, texts, type World, type WorldOptions } from './world.js'

export interface GatedOptions extends Pick<WorldOptions, 'master' | 'env' | 'servers'> {
  /** Rows at the source, all of them listed; their ids are `idOf(1)` and so on. */
  readonly rows: number
  /** Put into a value of every row. */
  readonly marker?: string
}

/** A world with gates, whose cloud table notes every write, and whose workers are processes of their own. */
export interface GatedWorld extends World {
  readonly workers: Workers
  /** Closes a gate until it is opened, or the world ends. */
  hold(place: Place): Promise<Gate>
  start(options?: Partial<StartOptions>): Promise<StartedRun>
  follow(started: StartedRun): Promise<RunReport>
  /** Writes to the cloud table, as `op id`, in the order made; only what committed. */
  writes(): Promise<readonly string[]>
  forgetWrites(): Promise<void>
  /** Numbers of the runs in the ledger. */
  runs(): Promise<readonly number[]>
  /** Ends everything, and fails where a session, a transaction or the lease of the sync's is left. */
  end(): Promise<void>
}

/** Runs a test in a gated world of its own. */
export async function inGatedWorld(
  options: GatedOptions,
  test: (world: GatedWorld) => Promise<void>,
): Promise<void> {
  const world = await createGatedWorld(options)
  try {
    await test(world)
  } catch (error) {
    await world.end().catch(() => undefined)
    throw error
  }
  await world.end()
}

/** Where a run can be held. */
export type Place = keyof typeof SOURCE_GATE | keyof typeof CLOUD_GATE

export function idOf(n: number): string {
  return String(n).padStart(5, '0')
}

/** Cuts runs into several segments and batches, and is quick to give up on a worker. */
const QUICK = { LEASE_SECONDS: '5', SEGMENT_ROWS: '150', BATCH_ROWS: '40' }

export async function createGatedWorld({ rows, marker = '', ...options }: GatedOptions): Promise<GatedWorld> {
  const world = await createWorld({
    ...options,
    env: { ...QUICK, ...options.env },
    source: `
      create table org_rows (id text primary key, name text, remarks text);
      create table targets (id text primary key);
      insert into org_rows select lpad(n::text, 5, '0'), '病院${marker}' || n, repeat('x', 200) from generate_series(1, ${rows}) n;
      insert into targets select id from org_rows;
      ${gatedView(idOf(Math.ceil(rows / 2)))}`,
  })
  await world.cloud.query(`
    create table writes (n bigint generated always as identity, write text);
    create function note_write() returns trigger language plpgsql as $$
    begin
      insert into public.writes (write) values (lower(tg_op) || ' ' || coalesce(new.id, old.id));
      return null;
    end $$;
    create trigger note after insert or update or delete on orgs for each row execute function note_write();
    ${CLOUD_GATES}`)
  const workers = new Workers(world.env)
  const gates: Gate[] = []
  return {
    ...world,
    get master() {
      return world.master
    },
    workers,
    hold: async (place) => {
      const gate = await close(world, place)
      gates.push(gate)
      return gate
    },
    start: ({ mode = 'apply', only = [] } = {}) => startSync(world.app, world.master, { mode, only }),
    follow: (started) => followRun(world.app, world.master, started, () => undefined),
    writes: async () =>
      (await texts(world.cloud, 'select write from writes order by n')).map(([write]) => write ?? ''),
    forgetWrites: async () => {
      await world.cloud.query('truncate writes')
    },
    runs: async () =>
      (await texts(world.cloud, 'select run from master_sync.runs order by run')).map(([run]) => Number(run)),
    end: async () => {
      for (const gate of gates) await gate.open()
      await end(world, workers)
    },
  }
}

function close({ env }: World, place: Place): Promise<Gate> {
  if (place === 'copy' || place === 'look')
    return closeGate(env['SOURCE_DATABASE_URL'] ?? '', SOURCE_GATE[place])
  return closeGate(env['CLOUD_DATABASE_URL'] ?? '', CLOUD_GATE[place])
}

async function end(world: World, workers: Workers): Promise<void> {
  try {
    await noneOf(world.env, `state like 'idle in transaction%'`)
    const held = await texts(world.cloud, 'select run from master_sync.leases where run is not null')
    assert.deepEqual(held, [], 'the lease is held')
  } finally {
    await workers.killAll()
    await world.close()
  }
  await noneOf(world.env, 'true')
}

/** Sessions of a killed process go when the server notices; of a living one nothing may stay. */
async function noneOf(env: World['env'], condition: string): Promise<void> {
  for (const url of [env['SOURCE_DATABASE_URL'], env['CLOUD_DATABASE_URL']]) {
    const client = new pg.Client(url)
    await client.connect()
    try {
      await until(`no session of the sync with ${condition}`, async () => {
        const { rowCount } = await client.query(`
          select from pg_stat_activity
          where datname = current_database() and application_name like 'master-sync%' and ${condition}`)
        return rowCount === 0
      })
    } finally {
      await client.end()
    }
  }
}
