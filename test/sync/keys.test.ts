import assert from 'node:assert/strict'
import pg from 'pg'
import { formatKey } from '../../core/ids.js'
import { createWorld, texts, type World } from '../support/world.js'
import { KEYS, stays, type KeyCase } from './key-cases.js'
import { LISTS } from './list-cases.js'
import { assertSame, syncEqual, useMaster } from './other-master.js'

type Row = readonly (string | null)[]

/** The tables of a case, with `value` beside the key; row n is that of the n-th key. */
class Tables {
  readonly #world: World
  readonly #case: KeyCase
  readonly key: readonly string[]

  constructor(world: World, of: KeyCase) {
    this.#world = world
    this.#case = of
    this.key = of.types.map((_, index) => `id${index + 1}`)
  }

  async create(): Promise<void> {
    const { name, types, keys, list, prepare = '', alter } = this.#case
    const columns = this.key.map((column, index) => `${column} ${types[index] ?? ''}`).join(', ')
    const primary = `primary key (${this.key.join(', ')})`
    await useMaster(this.#world, {
      name,
      key: this.key,
      cloud: prepare,
      source: `${prepare}; create table orgs (${columns}, value text, ${primary});
        ${list?.sql ?? `create table targets (${columns}, ${primary})`};
        insert into orgs values ${tuples(keys.map((key, index) => [...key, `row ${index}`]))}`,
      also: {
        removals: { gone: 'delete' },
        guards: { updates: { percent: 100 }, removals: { percent: 100 } },
      },
    })
    if (alter !== undefined)
      await this.#world.cloud.query(`set search_path = ${name}; ${alter}; reset search_path`)
  }

  /** Lists the keys for whose numbers `wanted` is true, and the strangers. */
  async list(wanted: (index: number) => boolean): Promise<void> {
    const { name, keys, list, strangers = [] } = this.#case
    const rows = [...keys.filter((key, index) => wanted(index) || stays(key, index)), ...strangers]
    await this.#world.source.query(
      `truncate ${name}.targets;
       insert into ${name}.targets (${(list?.columns ?? this.key).join(', ')}) values ${tuples(rows)}`,
    )
  }

  /** Sets the value of rows on one side. */
  async set(side: 'source' | 'cloud', value: string, wanted: (index: number) => boolean): Promise<void> {
    await this.#change(side, `update ${this.#case.name}.orgs set value = '${value}'`, wanted)
  }

  async delete(side: 'source' | 'cloud', wanted: (index: number) => boolean): Promise<void> {
    await this.#change(side, `delete from ${this.#case.name}.orgs`, wanted)
  }

  async #change(
    side: 'source' | 'cloud',
    statement: string,
    wanted: (index: number) => boolean,
  ): Promise<void> {
    const keys = this.#case.keys.filter((_, index) => wanted(index))
    await this.#world[side].query(`${statement} where ${this.#texts} in (${tuples(keys)})`)
  }

  get #texts(): string {
    return `(${this.key.map((column) => `${column}::text collate "C"`).join(', ')})`
  }

  /** The rows of the cloud, by their keys. */
  async cloud(): Promise<ReadonlyMap<string, string | null>> {
    const rows = await texts(
      this.#world.cloud,
      `select ${this.key.join(', ')}, value from ${this.#case.name}.orgs`,
    )
    return new Map(rows.map((row) => [JSON.stringify(row.slice(0, -1)), row.at(-1) ?? null]))
  }

  /** That the cloud holds the rows listed by `wanted` as the source has them, and no other. */
  async assertExact(wanted: (index: number) => boolean): Promise<void> {
    const all = `select ${this.key.join(', ')}, value from ${this.#case.name}.orgs`
    const listed = this.#case.keys.filter((key, index) => wanted(index) || stays(key, index))
    const order = `order by ${this.#texts}`
    await assertSame(
      this.#world,
      `${all} ${order}`,
      `${all} where ${this.#texts} in (${tuples(listed)}) ${order}`,
    )
  }
}

function tuples(rows: readonly Row[]): string {
  const literal = (value: string | null): string => (value === null ? 'null' : pg.escapeLiteral(value))
  return rows.map((row) => `(${row.map(literal).join(', ')})`).join(', ')
}

function changesBetween(
  before: ReadonlyMap<string, string | null>,
  after: ReadonlyMap<string, string | null>,
) {
  const kept = [...after].filter(([key]) => before.has(key))
  return {
    inserted: after.size - kept.length,
    removed: before.size - kept.length,
    updated: kept.filter(([key, value]) => before.get(key) !== value).length,
  }
}

describe('keys in many small segments', () => {
  let world: World
  before(async () => {
    world = await createWorld({ source: '', setUp: false, env: { SEGMENT_ROWS: '10', BATCH_ROWS: '5' } })
  })
  after(() => world.close())

  for (const of of [...KEYS, ...LISTS]) {
    it(`syncs exactly: ${of.title}`, async () => {
      const tables = new Tables(world, of)
      await tables.create()
      const first = (index: number): boolean => index % 3 !== 2
      await tables.list(first)
      const loaded = await syncEqual(world)
      await tables.assertExact(first)
      assert.equal(loaded.rows.inserted, (await tables.cloud()).size)

      const second = (index: number): boolean => index % 3 !== 0
      await tables.list(second)
      await tables.set('source', 'changed', (index) => index % 4 === 0)
      await tables.delete('source', (index) => index % 7 === 6)
      await tables.set('cloud', 'edited', (index) => index % 10 === 5)
      await tables.delete('cloud', (index) => index === 0)
      const typed = of.keys.flatMap((key, index) => {
        const id = formatKey(key)
        return index % 10 === 5 && index % 7 !== 6 && id !== '' && id === id.trim() ? [id] : []
      })
      const loose = await tables.cloud()
      const only = await syncEqual(world, typed)
      const before = await tables.cloud()
      assert.deepEqual(changesBetween(loose, before), { inserted: 0, removed: 0, updated: typed.length })
      assert.equal(only.rows.updated, typed.length)

      const { rows } = await syncEqual(world)
      await tables.assertExact(second)
      const expected = changesBetween(before, await tables.cloud())
      assert.deepEqual(
        { inserted: rows.inserted + rows.restored, removed: rows.removed, updated: rows.updated },
        expected,
      )
      for (const count of Object.values(expected)) assert.ok(count > 0)
    })
  }
})
