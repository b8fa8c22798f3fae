import assert from 'node:assert/strict'
import type { RunReport } from '../../core/report.js'
import type { World } from '../support/world.js'
import type { Ran } from './model.js'
import type { Cells, Planned, State, Tracked } from './state.js'

/** Compares what a run left in the databases with what the model says. */
export async function compareRun(world: World, state: State, ran: Ran, report: RunReport): Promise<void> {
  assert.equal(report.failure, null, 'the run failed')
  const found = await read(world, report.run)
  const said = {
    cloud: byId(
      [...state.cloud].map(([id, row]) => ({
        id,
        ...row.values,
        locked: row.locked,
        marked: row.removed.at !== null,
        reason: row.removed.reason,
      })),
    ),
    tracked: byId([...state.tracked].map(([id, row]) => ({ id, ...trackedOf(row) }))),
    history: byId(
      ran.changes.map(({ id, kind, before, after, why }) => ({
        id,
        kind,
        before: timeless(before),
        after: timeless(after),
        why,
      })),
    ),
    undone: byId(
      state.history.flatMap(({ id, run, undoneBy }) => (undoneBy === null ? [] : [{ id, run, undoneBy }])),
    ),
    questions: state.questions.map(({ run, state: stands, successor }) => ({
      run,
      state: stands,
      successor,
    })),
    question: ran.question,
    waiting: waitingOf(state),
    replacements: replacementsOf(state),
    list: [...state.list].sort(),
    planned: countBy(ran.planned, ({ kind }) => kind),
    rows: report.mode === 'apply' ? countsOf(state, ran) : {},
    held: countBy(ran.planned.filter(isHeld), ({ held }) => held),
  }
  const made = {
    ...found,
    list: await readList(world),
    planned: withoutNone(report.planned),
    held: heldOf(report),
    rows: countedBy(report),
  }
  // One after the other, for a short word on what differs first.
  for (const part of [
    'planned',
    'held',
    'rows',
    'cloud',
    'tracked',
    'history',
    'undone',
    'question',
    'questions',
    'waiting',
    'list',
    'replacements',
  ] as const)
    assert.deepEqual({ [part]: made[part] }, { [part]: said[part] })
}

/** What the report counts that the history tells as well, and what stands at the close. */
const COUNTED = ['updated', 'removed', 'marked', 'restored'] as const

function countsOf({ tracked }: State, { planned, counted }: Ran): Readonly<Record<string, number>> {
  return {
    ...Object.fromEntries(COUNTED.map((kind) => [kind, counted.filter((one) => one === kind).length])),
    conflicts: [...tracked.values()].flatMap((row) => Object.keys(row.conflicts)).length,
    held: planned.filter(isHeld).length,
  }
}

/** A plan counts what would be. */
function countedBy({ mode, rows }: RunReport): Readonly<Record<string, number>> {
  if (mode === 'plan') return {}
  return Object.fromEntries(([...COUNTED, 'conflicts', 'held'] as const).map((name) => [name, rows[name]]))
}

/** Runs something that must not touch a row of the cloud table, nor the history. */
export async function quietly<T>(world: World, work: () => Promise<T>): Promise<T> {
  const versions = () =>
    world.cloud.query({ text: 'select id, xmin, ctid from orgs order by id', rowMode: 'array' })
  const before = (await versions()).rows
  const result = await work()
  assert.deepEqual((await versions()).rows, before, 'a run straight after a run wrote to the cloud table')
  return result
}

interface Found {
  readonly cloud: unknown
  readonly tracked: unknown
  readonly history: unknown
  readonly undone: unknown
  readonly questions: unknown
  readonly question: unknown
  readonly waiting: unknown
  readonly replacements: unknown
}

async function read({ cloud }: World, run: number): Promise<Found> {
  const { rows } = await cloud.query<Found>(READ, [run])
  const [found] = rows
  if (found === undefined) throw new Error('nothing was read')
  return found
}

/** The key stands in the history of whole rows. */
const MARK_TIME = `case when x ->> 'sync_removed_at' is not null
  then x - 'id' || '{"sync_removed_at": "a time"}' else x - 'id' end`

/** All at once, for a sequence has many runs. */
const READ = `
  select
    (select coalesce(json_agg(json_build_object('id', id, 'a', a, 'b', b, 'c', c, 'd', d, 'locked', locked,
        'marked', sync_removed_at is not null, 'reason', sync_removed_reason) order by id), '[]') from orgs) as cloud,
    (select coalesce(json_agg(json_build_object('id', key[1], 'origin', origin, 'outside', outside,
        'bases', coalesce(bases, '{}'), 'conflicts', (
          select coalesce(jsonb_object_agg(c.key, c.value - array['at', 'by']), '{}') from jsonb_each(conflicts) c
        ), 'since', since) order by key), '[]') from master_sync.tracked_rows) as tracked,
    (select coalesce(json_agg(json_build_object('id', key[1], 'kind', kind,
        'before', (select ${MARK_TIME} from (select before as x) b),
        'after', (select ${MARK_TIME} from (select after as x) a), 'why', left_alone -> 'why') order by key), '[]')
      from master_sync.row_history where run = $1) as history,
    (select coalesce(json_agg(json_build_object('id', key[1], 'run', run, 'undoneBy', undone_by) order by key, run), '[]')
      from master_sync.row_history where undone_by is not null) as undone,
    (select coalesce(json_agg(json_build_object('run', run, 'state', state, 'successor', successor) order by run), '[]')
      from master_sync.questions) as questions,
    (select question from master_sync.runs where run = $1)::integer as question,
    (select coalesce(json_agg(json_build_object('id', key[1], 'kind', kind, 'held', held) order by key), '[]')
      from master_sync.plan_rows) as waiting,
    (select coalesce(json_agg(json_build_object('id', old_key[1], 'next', new_key[1], 'run', run, 'offList', off_list)
        order by old_key), '[]') from master_sync.replacements) as replacements`

function replacementsOf({ replacements }: State): unknown {
  return byId([...replacements].map(([id, { next, run, offList }]) => ({ id, next, run, offList })))
}

async function readList({ source }: World): Promise<readonly string[]> {
  const { rows } = await source.query<{ readonly id: string }>('select id from targets order by id')
  return rows.map(({ id }) => id)
}

/** The rows that an open question is about are all of plans that is left between runs. */
function waitingOf({ questions }: State): unknown {
  const last = questions.at(-1)
  const rows = last?.state === 'open' ? last.rows : []
  return byId(rows.map(({ id, kind, held }) => ({ id, kind, held })))
}

function trackedOf({ origin, outside, bases, conflicts, since }: Tracked): object {
  return {
    origin,
    outside,
    bases,
    conflicts: Object.fromEntries(
      Object.entries(conflicts).map(([column, { base, source, cloud, run, take }]) => [
        column,
        {
          ...(base === undefined ? {} : { base }),
          source,
          cloud,
          run,
          ...(take === undefined
            ? {}
            : { take: typeof take === 'object' ? { side: 'value', value: take.value } : { side: take } }),
        },
      ]),
    ),
    since,
  }
}

function timeless(cells: Cells | null): Cells | null {
  return cells?.['sync_removed_at'] ? { ...cells, sync_removed_at: 'a time' } : cells
}

function isHeld(row: Planned): row is Planned & { readonly held: string } {
  return row.held !== null
}

function heldOf({ held }: RunReport): Readonly<Record<string, number>> {
  return withoutNone(Object.fromEntries(held.map(({ kind, rows }) => [kind, rows])))
}

function withoutNone(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0))
}

function countBy<T>(rows: readonly T[], name: (row: T) => string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const row of rows) counts[name(row)] = (counts[name(row)] ?? 0) + 1
  return counts
}

function byId<T extends { readonly id: string }>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => a.id.localeCompare(b.id))
}
