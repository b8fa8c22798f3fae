import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { createWorld, texts, type World } from '../support/world.js'

/*
 * What is promised to people who write to the cloud table while runs are under way, and what is not:
 * - a committed edit of a protected cell stands until someone else edits it, or, where it emptied a fill_empty cell, until a
 *   run fills it; an edit of an unprotected cell lasts until a run finds it
 * - no statement of theirs becomes a deadlock's victim, in whatever rows it stands and waits: a run never waits for a row
 *   while it holds others
 * - a statement waits at most for the transaction that writes one batch (BATCH_ROWS rows), or, for a row that someone
 *   held when its batch was written, for the transaction that writes that row alone. It is told apart from a wait for
 *   another client by nothing: so what is asserted is that none waits as long as LONGEST_WAIT_MS
 */

const ROWS = 48
const CLIENTS = 20
const RUNS = 8
/** Rows that leave the list before every run. */
const LEAVING = 3
const BATCH_ROWS = 10
const LONGEST_WAIT_MS = 2_000
/** People pause as well, and the machine has other tests to run. */
const PAUSE_MS = 20

const idOf = (n: number): string => `org-${String(n).padStart(2, '0')}`

const PROTECTED = ['phone', 'remarks', 'url'] as const
const EDITED = [...PROTECTED, 'name'] as const

/** Errors of clients by SQLSTATE, and the edits that they know to be committed. */
interface Witness {
  readonly errors: string[]
  /** By cell, with the number of the edit: higher is later, for it is drawn while the row is locked. */
  readonly last: Map<string, { readonly n: number; readonly value: string }>
  edits: number
  children: number
  refused: number
}

async function whileRunning(
  world: World,
  clients: readonly ((client: pg.Client, n: number) => Promise<void>)[],
  witness: Witness,
  between: (run: number) => Promise<void>,
): Promise<void> {
  let running = true
  const working = clients.map(async (work, n) => {
    const client = new pg.Client(world.env['CLOUD_DATABASE_URL'])
    await client.connect()
    await client.query(`set lock_timeout = ${LONGEST_WAIT_MS}`)
    while (running) {
      await delay(random(PAUSE_MS))
      await work(client, n).catch(async (error: unknown) => {
        witness.errors.push(
          error instanceof pg.DatabaseError ? `${error.code} ${error.message}` : String(error),
        )
        await client.query('rollback')
      })
    }
    await client.end()
  })
  try {
    for (let run = 0; run < RUNS; run += 1) {
      await between(run)
      await world.sync()
    }
  } finally {
    running = false
    await Promise.all(working)
  }
}

/** Edits a few cells of one row, or of two in the order of their keys: clients do not stand in each other's way. */
async function edit(client: pg.Client, witness: Witness): Promise<void> {
  const rows = [...new Set([random(ROWS), ...(random(3) === 0 ? [random(ROWS)] : [])])].toSorted(
    (a, b) => a - b,
  )
  const made: [cell: string, edit: { readonly n: number; readonly value: string }][] = []
  await client.query('begin')
  for (const row of rows) {
    const id = idOf(row)
    const locked = await client.query('select from orgs where id = $1 for no key update', [id])
    if (locked.rowCount === 0) continue
    const { rows: drawn } = await client.query<{ readonly n: string }>(`select nextval('edits') as n`)
    const n = Number(drawn[0]?.n)
    const column = EDITED[random(EDITED.length)] ?? 'name'
    // Nothing that the source ever has; a fill_empty cell is emptied at times.
    const value = column === 'url' && random(4) === 0 ? '' : `edit ${n}`
    await client.query(`update orgs set ${column} = $1 where id = $2`, [value, id])
    if (column !== 'name') made.push([`${id} ${column}`, { n, value }])
  }
  await client.query('commit')
  witness.edits += made.length
  for (const [cell, edit] of made) {
    if ((witness.last.get(cell)?.n ?? 0) < edit.n) witness.last.set(cell, edit)
  }
}

/** Adds a child to a row that is about to go; where it has gone, the foreign key says so, and the client knows. */
async function addChild(client: pg.Client, parent: string, witness: Witness): Promise<void> {
  try {
    await client.query('begin')
    await client.query('insert into children (org) values ($1)', [parent])
    // For a run to come by.
    await client.query('select pg_sleep(random() * 0.05)')
    await client.query('commit')
    witness.children += 1
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== FOREIGN_KEY_VIOLATION) throw error
    await client.query('rollback')
    witness.refused += 1
  }
}

const FOREIGN_KEY_VIOLATION = '23503'

function random(below: number): number {
  return Math.floor(Math.random() * below)
}

function newWitness(): Witness {
  return { errors: [], last: new Map(), edits: 0, children: 0, refused: 0 }
}

const SOURCE = `
  create table orgs (id text primary key, name text, phone text, remarks text, url text);
  create table targets (id text primary key);
  insert into orgs select 'org-' || lpad(n::text, 2, '0'), 'name', 'phone', 'remarks', 'url'
  from generate_series(0, ${ROWS - 1}) n;
  insert into targets select id from orgs`

const OPTIONS = {
  source: SOURCE,
  master: {
    columns: { phone: 'keep_edits', remarks: 'keep_edits', url: 'fill_empty' },
    guards: {
      updates: { percent: 100 },
      inserts: { percent: 100 },
      removals: { rows: ROWS, percent: 100 },
      rejects: { rows: ROWS, percent: 100 },
    },
  },
  env: { BATCH_ROWS: String(BATCH_ROWS), SEGMENT_ROWS: '1000', LEASE_SECONDS: '20' },
}

describe('while runs follow each other and the source changes', () => {
  let world: World
  let witness: Witness
  beforeEach(async () => {
    witness = newWitness()
    world = await createWorld(OPTIONS)
    await world.cloud.query('create sequence edits')
    await world.sync()
  })
  afterEach(() => world.close())

  it(`no committed edit of a protected column by one of ${CLIENTS} clients is lost, and none fails or waits long`, async () => {
    const clients = Array.from({ length: CLIENTS }, () => (client: pg.Client) => edit(client, witness))
    await whileRunning(world, clients, witness, async (run) => {
      await world.source.query(
        `update orgs set name = 'name ' || $1, phone = 'phone ' || $1, url = 'url ' || $1 where id like any($2)`,
        [run, run % 2 === 0 ? ['%'] : ['%0', '%5']],
      )
    })
    await world.sync()
    assert.deepEqual(witness.errors, [])
    assert.ok(witness.edits > ROWS * PROTECTED.length, `only ${witness.edits} edits were made`)
    const source = new Map(await cells(world.source))
    const lost = (await cells(world.cloud)).flatMap(([cell, value]) => {
      const last = witness.last.get(cell)
      const filled = last?.value === '' || (last === undefined && cell.endsWith(' url'))
      // A cell that nobody edited has followed the source; of one that was filled it is not known by which run.
      if (filled) return value?.startsWith('url') ? [] : [{ cell, value, last }]
      const expected = last?.value ?? source.get(cell)
      return value === expected ? [] : [{ cell, value, last }]
    })
    assert.deepEqual(lost, [])
    assert.deepEqual(
      await texts(world.cloud, 'select id, name from orgs order by id'),
      await texts(world.source, 'select id, name from orgs order by id'),
    )
  })
})

describe('while rows leave the list, and clients add children to them and edit them', () => {
  it('a child table with ON DELETE CASCADE loses nothing that was committed', async () => {
    const witness = newWitness()
    const world = await createWorld({ ...OPTIONS, master: { guards: OPTIONS.master.guards } })
    try {
      await world.cloud.query(`create sequence edits`)
      await world.sync()
      await world.cloud.query(`
        create table children (n bigint generated always as identity, org text references orgs on delete cascade)`)
      let leaving: readonly string[] = []
      const clients = Array.from({ length: CLIENTS }, (_, n) => (client: pg.Client) => {
        const parent = leaving[random(leaving.length)]
        return n % 2 === 0 || parent === undefined ? edit(client, witness) : addChild(client, parent, witness)
      })
      await whileRunning(world, clients, witness, async (run) => {
        const ids = Array.from({ length: LEAVING }, (_, n) => idOf(run * LEAVING + n))
        // Some stay without children, and go.
        leaving = ids.slice(1)
        await world.source.query('delete from targets where id = any($1)', [ids])
      })
      leaving = []
      await world.sync()
      assert.deepEqual(witness.errors, [])
      const [[children, parents] = []] = await texts(
        world.cloud,
        'select count(*), count(distinct org) from children',
      )
      assert.equal(children, String(witness.children))
      // Every unlisted row that has no child has gone, and no other.
      const standing = ROWS - RUNS * LEAVING + Number(parents)
      assert.deepEqual(await texts(world.cloud, 'select count(*) from orgs'), [[String(standing)]])
      assert.ok(witness.children > 0 && Number(parents) <= RUNS * (LEAVING - 1))
    } finally {
      await world.close()
    }
  })
})

/** Protected cells, as `id column`, with their values. */
async function cells(pool: pg.Pool): Promise<readonly (readonly [string, string | null])[]> {
  const rows = await texts(pool, `select id, ${PROTECTED.join(', ')} from orgs order by id`)
  return rows.flatMap(([id, ...values]) =>
    PROTECTED.map((column, index): readonly [string, string | null] => [
      `${id} ${column}`,
      values[index] ?? null,
    ]),
  )
}
