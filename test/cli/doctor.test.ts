import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CHECKS, doctorSchema, type DoctorReport } from '../../core/doctor-report.js'
import { freePort } from '../../local/places.js'
import { applySchedules, changeSchedules } from '../../operations/schedules.js'
import { createWorld, type World } from '../support/world.js'
import { codesOf, found } from './examined.js'
import { cli, exits, jsonIn, tells, type Ended } from './run-cli.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text);
  insert into orgs values ('1', '病院'); insert into targets values ('1')`

const SECRET = 'pässwort-geheim'

describe('doctor', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: SOURCE, master: { schedule: { cron: '0 3 * * *' } } })
    await applySchedules(world.app, [world.master])
    assert.equal((await world.sync()).outcome, 'completed')
  })
  after(async () => {
    await changeSchedules(world.app, world.master, 'remove', 'after the tests')
    await world.close()
  })

  const doctor = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
    cli({ ...world.env, ...env }, 'doctor', ...args)

  /** Exits 4, and gives what was found. */
  async function ails(env: Readonly<Record<string, string>>): Promise<DoctorReport> {
    const ended = await doctor(env, '--json')
    exits(ended, 4)
    assert.ok(![SECRET, encodeURIComponent(SECRET)].some((form) => ended.stdout.includes(form)), ended.stdout)
    assert.equal(ended.stderr, '')
    return jsonIn(ended, doctorSchema)
  }

  it('finds nothing where all is well, says what it saw, and exits 0', async () => {
    const [words, json] = await Promise.all([doctor({}), doctor({}, '--json', '--master', world.name)])
    exits(words, 0)
    assert.match(
      words.stdout,
      /^configuration \/ 設定\n {2}✓ variables[^]*\nhealthy: \d+ checks \/ 異常なし\n$/u,
    )
    assert.doesNotMatch(words.stdout, /✗|not looked at|postgres:\/\//u)
    exits(json, 0)
    const report = jsonIn(json, doctorSchema)
    assert.deepEqual([report.healthy, report.findings], [true, []])
    assert.ok(report.checks.every(({ ok, seen }) => ok === true && seen !== ''))
    // Schedules without a file are no matter of one master; it has neither imports nor lists.
    const names = new Set(report.checks.map(({ check }) => check))
    assert.deepEqual(
      CHECKS.filter((name) => !names.has(name)),
      ['left_over', 'import_schedule', 'imports', 'lists'],
    )
  })

  it('exits 3 for a master that is none', async () => {
    tells(await doctor({}, '--master', 'nobody'), 3, 'MASTER_UNKNOWN', '"nobody"', world.name)
  })

  it('names variables that are misspelt or hold what cannot be used, and looks at all else', async () => {
    const report = await ails({
      SEGMENT_ROW: '9',
      TEMPORAL_NAMESPCE: 'x',
      WORKER_SLOTS: 'many',
      HEATLH_PORT: '1',
      // Others' names, and names such as a master that cannot be read may give its database.
      HEALTHY_PORT: '1',
      HEALTH_PORTS: '1',
      STATS_DIR: '/tmp',
      CLOUD_DATABASE_URL_2: 'postgres://elsewhere/two',
      WORKER_SLOT_SIZE: '1',
    })
    assert.deepEqual(codesOf(report), ['OPTION_INVALID', ...Array<string>(3).fill('OPTION_UNKNOWN')])
    const told = report.findings.map(({ message }) => message).join('\n')
    for (const [wrong, right] of [
      ['SEGMENT_ROW', 'SEGMENT_ROWS'],
      ['TEMPORAL_NAMESPCE', 'TEMPORAL_NAMESPACE'],
      ['HEATLH_PORT', 'HEALTH_PORT'],
    ] as const)
      assert.match(told, new RegExp(`^${wrong} is set.*did you mean ${right}\\?$`, 'mu'))
    assert.match(told, /WORKER_SLOTS is "many"/u)
    assert.deepEqual(
      report.checks.filter(({ ok }) => ok !== true).map(({ check }) => check),
      ['variables', 'connections', 'connections'],
    )
  })

  it('goes on where a database and Temporal are out of reach, or a variable is not set, and exits 4', async () => {
    const nowhere = `127.0.0.1:${await freePort()}`
    const url = new URL(world.env['SOURCE_DATABASE_URL'] ?? '')
    const away = Object.assign(url, { host: nowhere, username: 'sync', password: SECRET }).toString()
    const [away1, unset] = await Promise.all([
      ails({ SOURCE_DATABASE_URL: away, TEMPORAL_ADDRESS: nowhere }),
      ails({ CLOUD_DATABASE_URL: '' }),
    ])
    assert.deepEqual(codesOf(away1), ['DATABASE_UNREACHABLE', 'TEMPORAL_UNREACHABLE'])
    assert.match(found(away1.findings, 'DATABASE_UNREACHABLE').message, new RegExp(nowhere, 'u'))
    const state = (report: DoctorReport, name: string, side: string | null) =>
      report.checks.find(({ check, side: of }) => check === name && of === side)?.ok
    assert.equal(state(away1, 'ledger', 'cloud'), true)
    assert.equal(state(away1, 'copy', null), true)
    for (const name of ['worker', 'tables', 'hashes', 'schedule', 'open_runs'])
      assert.equal(state(away1, name, null), null, name)
    assert.deepEqual(codesOf(unset), ['OPTION_INVALID'])
    assert.match(found(unset.findings, 'OPTION_INVALID').message, /^CLOUD_DATABASE_URL is not set/u)
    assert.equal(state(unset, 'clock', 'source'), true)
    assert.equal(state(unset, 'schedule', null), true)
  })

  it('tells what is wrong with one master file, and looks at the masters of the others', async () => {
    const file = join(world.env['MASTERS_DIR'] ?? '', 'broken.yaml')
    await writeFile(file, 'master: [')
    const ended = await doctor({ SEGMENT_ROW: '9' })
    await rm(file)
    exits(ended, 4)
    assert.match(
      ended.stdout,
      /✗ master files[^\n]*\n {6}\[MASTER_FILE_INVALID\] .*broken\.yaml:1:\d+ .*\n(?: {6}.*\n)* {6}マスタの[^]*→/u,
    )
    // Nobody knows which variables the other master reads.
    assert.match(ended.stdout, /✓ variables/u)
    assert.match(ended.stdout, /✓ rejects/u)
    assert.match(ended.stdout, /- left over [^\n]*not looked at/u)
  })
})
