import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import type { RunReport } from '../../core/report.js'
import { followRun } from '../../operations/follow.js'
import { startImport } from '../../operations/start-import.js'
import type { StartedRun } from '../../operations/start.js'
import { directImport } from '../support/direct-import.js'
import { closeGate, GATES, type Gate } from '../support/gates.js'
import { Workers } from '../support/worker-process.js'
import { createWorld, texts, type World } from '../support/world.js'

/** Where an import can be held: on-prem, but for the last. */
const GATE = { copy: 21, take: 22, plan: 23, write: 24, close: 25 } as const

const SOURCE_GATES = `
  ${GATES}
  create trigger gate_take before update on master_import.imports
    for each row when (new.run is distinct from old.run) execute function gate(${GATE.take});
  create trigger gate_plan before update on master_import.imports
    for each row when (new.plan is distinct from old.plan) execute function gate(${GATE.plan});
  create trigger gate_write before update on master_import.imports
    for each row when (new.written is distinct from old.written) execute function gate(${GATE.write});
  create function gate_copies() returns event_trigger language plpgsql as $$
  declare stage text;
  begin
    for stage in select object_identity from pg_event_trigger_ddl_commands() where object_type = 'table' and object_identity like 'master_import.staged%' loop
      execute format('create trigger gate_copy before insert on %s for each row when (new.n = 10) execute function public.gate(${GATE.copy})', stage);
    end loop;
  end $$;
  create event trigger gate_copies on ddl_command_end when tag in ('CREATE TABLE') execute function gate_copies()`

const CLOUD_GATES = `
  ${GATES}
  create trigger gate_close before update on master_sync.runs
    for each row when (new.outcome is not null) execute function gate(${GATE.close})`

const line = (n: number, name = `第${n}医院`): string => `01${n},${n},${name},0600001,本町${n}番`

/** Rows that no file changes. */
const SAME = Array.from({ length: 57 }, (_, index) => line(2_000_000 + index))

/** What the table is loaded with, and what changes it: one row of each kind. */
const BEFORE = [line(1_000_001), line(1_000_002), line(1_000_003), ...SAME]
export const AFTER = [line(1_000_001, '改称医院'), line(1_000_002), line(1_000_004), ...SAME]

export const READING = { feed: 'kouseikyoku-ika' }

export const MASTER = {
  source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
  cloud: { table: 'public.master_medical_orgs' },
}

/** A world with a master of publications that is loaded, gates, and workers that are processes of their own. */
export interface ImportWorld extends World {
  readonly workers: Workers
  /** Writes a file of a month. */
  file(month: string, lines: readonly string[]): Promise<string>
  hold(place: keyof typeof GATE): Promise<Gate>
  start(path: string): Promise<StartedRun>
  follow(started: StartedRun): Promise<RunReport>
  ask(query: string): Promise<readonly (readonly (string | null)[])[]>
  /** What is to be seen of imports on-prem: the rows that changed, what history says of them, and what is left behind. */
  seen(): Promise<unknown>
}

export async function inImportWorld(
  env: Readonly<Record<string, string>>,
  test: (world: ImportWorld) => Promise<void>,
): Promise<void> {
  const world = await createWorld({
    source: '',
    master: MASTER,
    env: { LEASE_SECONDS: '5', ...env },
    withMaster: true,
  })
  const workers = new Workers(world.env)
  const gates: Gate[] = []
  const { app } = world
  const ask = (query: string) => texts(world.source, query)
  const file = async (month: string, lines: readonly string[]): Promise<string> => {
    const path = join(app.mastersFolder, '..', `list_${month}.csv`)
    await writeFile(path, `${lines.join('\n')}\n`)
    return path
  }
  try {
    await directImport(world)({ files: [await file('202409', BEFORE)], reading: READING })
    await world.source.query(SOURCE_GATES)
    await world.cloud.query(CLOUD_GATES)
    await test({
      ...world,
      get master() {
        return world.master
      },
      ...{ workers, file, ask },
      hold: async (place) => {
        const side = place === 'close' ? 'CLOUD' : 'SOURCE'
        const gate = await closeGate(world.env[`${side}_DATABASE_URL`] ?? '', GATE[place])
        gates.push(gate)
        return gate
      },
      start: (path) => startImport(app, world.master, { from: [path], reading: READING, approve: false }),
      follow: (started) => followRun(app, world.master, started, () => undefined),
      seen: async () => ({
        rows: await ask(
          `select medical_id, name, closed_on from master_medical_orgs
           where medical_id < '0112' order by 1`,
        ),
        changes: await ask('select key, what from master_import.changes where import > 1 order by key'),
        stages: await ask(`select tablename from pg_tables where tablename like 'staged%'`),
        lease: await texts(world.cloud, 'select run from master_sync.leases'),
      }),
    })
  } finally {
    for (const gate of gates) await gate.open()
    await workers.killAll()
    await world.close()
  }
}

/** As `seen` gives it, of a table as it was loaded. */
export const UNCHANGED = {
  rows: [
    ['0111000001', '第1000001医院', null],
    ['0111000002', '第1000002医院', null],
    ['0111000003', '第1000003医院', null],
  ],
  changes: [],
  stages: [],
  lease: [[null]],
}

/** The same of one into which `AFTER` was imported, once. */
export const CHANGED = {
  rows: [
    ['0111000001', '改称医院', null],
    ['0111000002', '第1000002医院', null],
    ['0111000003', '第1000003医院', '2024-10-01'],
    ['0111000004', '第1000004医院', null],
  ],
  changes: [
    ['{0111000001}', 'changed'],
    ['{0111000003}', 'closed'],
    ['{0111000004}', 'added'],
  ],
  stages: [],
  lease: [[null]],
}

/** A way to a server that can be cut without either side being told. */
interface Way {
  readonly address: string
  /** From now on nothing that is said arrives. */
  cut(): void
  close(): Promise<void>
}

export async function wayTo(address: string): Promise<Way> {
  const [host = '', port = ''] = address.split(':')
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port), host)
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => other.destroy())
      socket.pipe(other)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
