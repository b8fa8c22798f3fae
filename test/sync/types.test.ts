import assert from 'node:assert/strict'
import pg from 'pg'
import type { RunReport } from '../../core/report.js'
import { createWorld, texts, type World } from '../support/world.js'
import { PLAIN, type TypeCase } from './plain-values.js'
import { COMPOSITE, OWN_TYPES, STRUCTURED } from './structured-values.js'

const TYPES = [...PLAIN, ...STRUCTURED]
const ANY_CASE = `create collation any_case (provider = icu, locale = 'und-u-ks-level1', deterministic = false)`

interface Cell {
  readonly id: string
  readonly column: string
  readonly value: string | null
}

/** One cell a row, so that a row found to differ differs in that cell. */
function cells(prefix: string, valuesOf: (type: TypeCase) => readonly (string | null)[]): readonly Cell[] {
  return TYPES.flatMap((type, index) =>
    valuesOf(type).map((value, number) => ({
      id: `${prefix} ${String(index).padStart(3, '0')} ${String(number).padStart(2, '0')}`,
      column: column(index),
      value,
    })),
  )
}

const column = (index: number): string => `c${index}`
const LOADED = cells('value', ({ values }) => [...values, null])
const BEFORE = cells('change', ({ changes }) => changes.map(([before]) => before))
const AFTER = cells('change', ({ changes }) => changes.map(([, after]) => after))
const PAIRS = cells('pair', ({ changes }) => [...(changes[0] ?? [])])
const SWAPPED = cells('pair', ({ changes }) => [...(changes[0] ?? [])].reverse())

async function put({ source }: World, rows: readonly Cell[]): Promise<void> {
  const literal = (value: string | null): string => (value === null ? 'null' : pg.escapeLiteral(value))
  const statements = rows.map(
    ({ id, column: name, value }) => `
      insert into targets values (${literal(id)}) on conflict do nothing;
      insert into orgs (id, ${name}) values (${literal(id)}, ${literal(value)})
      on conflict (id) do update set ${name} = excluded.${name}`,
  )
  await source.query(statements.join(';'))
}

/** Of every column all its values, by id: as shown, as cast, and in binary form behind the type's own number. */
type Dump = ReadonlyMap<string, readonly string[]>

async function dump(pool: pg.Pool): Promise<Dump> {
  const short = (text: string): string =>
    `case when length(${text}) > 2000 then md5(${text}) else ${text} end`
  const shown = TYPES.flatMap(({ type }, index) => {
    const name = column(index)
    const hasNumberInside = type === 'mood[]' || type === 'pair[]'
    const binary = hasNumberInside ? `'-'` : `encode(substring(record_send(row(${name})) from 9), 'hex')`
    return [short(`format('%s', ${name})`), short(`${name}::text`), short(binary)]
  })
  const rows = await texts(pool, `select id, ${shown.join(', ')} from orgs order by id collate "C"`)
  return new Map(
    TYPES.map((_, index) => [
      column(index),
      rows.map((row) => JSON.stringify([row[0], ...row.slice(1 + index * 3, 4 + index * 3)])),
    ]),
  )
}

interface Stage {
  readonly report: RunReport
  readonly source: Dump
  readonly cloud: Dump
}

async function stage(world: World): Promise<Stage> {
  const report = await world.sync()
  return { report, source: await dump(world.source), cloud: await dump(world.cloud) }
}

describe('every type of PostgreSQL', () => {
  let world: World
  let loaded: Stage
  let again: RunReport
  let changed: Stage
  let swapped: Stage

  before(async () => {
    const columns = TYPES.map(({ type }, index) => `${column(index)} ${type}`)
    world = await createWorld({
      master: { guards: { updates: { percent: 100 } } },
      cloud: `${COMPOSITE}; ${ANY_CASE}`,
      source: `${COMPOSITE}; ${OWN_TYPES}; ${ANY_CASE};
        create table orgs (id text primary key, ${columns.join(', ')});
        create table targets (id text primary key)`,
      // Segments of one bucket, in which a sum that swapped values leave as it was would be found out.
      env: { SEGMENT_ROWS: '35' },
    })
    for (const [index, { type }] of TYPES.entries()) {
      // Setup leaves collations to the cloud.
      if (type.includes('collate'))
        await world.cloud.query(`alter table orgs alter ${column(index)} type ${type}`)
    }
    await put(world, [...LOADED, ...BEFORE, ...PAIRS])
    loaded = await stage(world)
    again = await world.sync()
    await put(world, AFTER)
    changed = await stage(world)
    await put(world, SWAPPED)
    swapped = await stage(world)
  })
  after(() => world.close())

  it('arrives completely and is found equal', () => {
    assert.deepEqual([loaded.report.outcome, loaded.report.equal], ['completed', true])
    assert.equal(loaded.report.rows.inserted, LOADED.length + BEFORE.length + PAIRS.length)
    assert.deepEqual([again.outcome, again.equal], ['nothing_to_do', true])
  })

  it('has its smallest changes found', () => {
    const { outcome, equal, rows } = changed.report
    assert.deepEqual([outcome, equal, rows.updated], ['completed', true, AFTER.length])
  })

  it('has values found that two rows swapped', () => {
    const { outcome, equal, rows } = swapped.report
    assert.deepEqual([outcome, equal, rows.updated], ['completed', true, SWAPPED.length])
  })

  for (const [index, { type }] of TYPES.entries()) {
    it(`keeps ${type} exactly`, () => {
      for (const { source, cloud } of [loaded, changed, swapped]) {
        assert.deepEqual(cloud.get(column(index)), source.get(column(index)))
      }
      assert.notDeepEqual(changed.source.get(column(index)), loaded.source.get(column(index)), 'no change')
    })
  }
})
