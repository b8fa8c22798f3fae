import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { planImport } from '../../operations/import.js'
import { createWorld, type World } from '../support/world.js'

/** Files as published; not part of the project, so a clone may lack them. */
const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url))
const BEFORE = `${DATA}kouseikyoku_ika_202209.csv.gz`
const AFTER = `${DATA}kouseikyoku_ika_202409.csv.gz`

/** The lines of a list by their codes, the first of each: computed without any of the code that is tested. */
function linesByCode(path: string): ReadonlyMap<string, string> {
  const lines = gunzipSync(readFileSync(path)).toString('utf8').trimEnd().split(/\r?\n/u)
  const first = new Map<string, string>()
  for (const line of lines) {
    const code = line.slice(0, 9)
    if (!first.has(code)) first.set(code, line)
  }
  return first
}

describe('two years of the register', () => {
  let world: World
  before(async function () {
    if (process.env['CI'] !== undefined) this.skip()
    if (!existsSync(BEFORE)) {
      process.stderr.write('    skipped: the published files are not beside this clone\n')
      this.skip()
    }
    world = await createWorld({
      source: `create table orgs (medical_id text primary key, name text, postal_code text, address text);
        create table targets (medical_id text primary key)`,
      master: { source: { key: ['medical_id'] } },
      setUp: false,
    })
    const rows = [...linesByCode(BEFORE).values()].map((line) => line.split(','))
    const column = (of: (row: readonly string[]) => string | undefined) => rows.map((row) => of(row) ?? '')
    await world.source.query(
      `insert into orgs select left(code, 2) || '1' || substr(code, 3), nullif(name, ''), left(postal, 3) || '-' || nullif(substr(postal, 4), ''), nullif(address, '')
       from unnest($1::text[], $2::text[], $3::text[], $4::text[]) r(code, name, postal, address)`,
      [column((r) => r[0]), column((r) => r[2]), column((r) => r[3]), column((r) => r[4])],
    )
  })
  after(() => (world as World | undefined)?.close())

  it('are found as they are: what came, what changed, and what went from the prefectures that the later list covers', async () => {
    const [before, after] = [linesByCode(BEFORE), linesByCode(AFTER)]
    const covered = new Set([...after.keys()].map((code) => code.slice(0, 2)))
    const expected = {
      added: [...after.keys()].filter((code) => !before.has(code)).length,
      changed: [...after].filter(([code, line]) => before.has(code) && before.get(code) !== line).length,
      absent: [...before.keys()].filter((code) => covered.has(code.slice(0, 2)) && !after.has(code)).length,
    }
    const plan = await planImport(world.app, world.master, [AFTER], { feed: 'kouseikyoku-ika' })
    const { added, changed, absent, contradicting, scopes } = plan
    assert.deepEqual({ added: added.rows, changed: changed.rows, absent: absent.rows }, expected)
    assert.deepEqual([contradicting.rows, scopes.length], [0, covered.size])
    assert.ok(expected.added > 7000 && expected.changed > 2000 && expected.absent > 7000)
  })

  it('are the same where nothing has changed', async () => {
    const plan = await planImport(world.app, world.master, [BEFORE], { feed: 'kouseikyoku-ika' })
    const { added, changed, absent, unchanged } = plan
    assert.deepEqual([added.rows, changed.rows, absent.rows], [0, 0, 0])
    assert.equal(unchanged, linesByCode(BEFORE).size)
  })
})
