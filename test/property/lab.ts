import assert from 'node:assert/strict'
import { decideConflicts } from '../../db/conflicts.js'
import { rejectQuestion } from '../../db/answers.js'
import { liftHold, putOnHold } from '../../db/holds.js'
import { keyFromDatabase } from '../../core/ids.js'
import { askToReplace } from '../../operations/targets/replace.js'
import { directRun, type DirectInput } from '../support/direct-run.js'
import { createWorld, type World } from '../support/world.js'
import { compareRun, quietly } from './compare.js'
import { askModel, isRefused } from './replace.js'
import { runModel, type Ran, type Task } from './model.js'
import { whatRunDid } from './undo.js'
import {
  COLUMNS,
  IDS,
  UNMARKED,
  emptyState,
  type Rules,
  type State,
  type Text,
  type Values,
} from './state.js'
import type { Beginning, Step, Take } from './steps.js'

/** One world for all sequences: what the databases and the model go through together. */
export interface Lab {
  /** Empties all, and begins anew. */
  begin(beginning: Beginning): Promise<void>
  /** Does a step on both, and compares them after every run. */
  take(step: Step): Promise<void>
  /** Two runs, of which the second finds nothing to do but what is held, and touches no row. */
  end(): Promise<void>
  close(): Promise<void>
}

const TABLE = `id text primary key, ${COLUMNS.map((column) => `${column} text`).join(', ')}`

const LEDGER = [
  'row_history',
  'questions',
  'plan_rows',
  'tracked_rows',
  'segments',
  'rejects',
  'masters',
  'runs',
  'replacements',
  'target_entries',
  'target_changes',
]

export async function createLab(): Promise<Lab> {
  const world = await createWorld({
    source: `create table orgs (${TABLE}); create table targets (id text primary key)`,
    master: { lock: 'locked', removals: { gone: 'mark' } },
  })
  const run = directRun(world)
  let state: State

  const runBoth = async (task: Task): Promise<Ran> => {
    const report = await run(inputOf(task))
    const ran = runModel(state, task, report.run)
    await compareRun(world, state, ran, report)
    return ran
  }
  return {
    async begin(beginning) {
      state = emptyState(rulesOf(beginning))
      await world.source.query('delete from orgs; delete from targets')
      await world.cloud.query(
        `delete from orgs; ${LEDGER.map((name) => `delete from master_sync.${name}`).join('; ')}`,
      )
      await rewrite(world, state.rules)
      for (const [index, texts] of beginning.source.entries())
        if (texts !== null) await takeStep(world, state, { does: 'source row', id: IDS[index] ?? '', texts })
      for (const [id, texts] of beginning.cloud)
        await takeStep(world, state, { does: 'cloud row', id, texts })
      for (const id of IDS)
        if (!beginning.unlisted.includes(id)) await takeStep(world, state, { does: 'list', id })
      if (beginning.runs) await runBoth({ mode: 'apply' })
    },
    async take(step) {
      const task = taskOf(state, step)
      if (task === 'none') return
      if (task === undefined) await takeStep(world, state, step)
      else await runBoth(task)
    },
    async end() {
      const { replaced } = await runBoth({ mode: 'apply' })
      // What was carried over may end a conflict, and a row that was not there is let go.
      if (replaced) await runBoth({ mode: 'apply' })
      const { planned } = await quietly(world, () => runBoth({ mode: 'apply' }))
      const again = planned.filter(({ held }) => held === null)
      assert.deepEqual(again, [], 'a run straight after a run has something to do')
    },
    close: () => world.close(),
  }
}

/** @returns undefined: the step is no run · none: there is nothing that it could be about */
function taskOf(state: State, step: Step): Task | 'none' | undefined {
  switch (step.does) {
    case 'run':
      return { mode: 'apply' }
    case 'run --approve':
      return { mode: 'apply', approve: true }
    case 'plan':
      return { mode: 'plan' }
    case 'run --only': {
      const only = step.ids.filter((id) => state.list.has(id) || state.tracked.has(id))
      return only.length === 0 ? 'none' : { mode: 'apply', only: only.toSorted() }
    }
    case 'undo': {
      const runs = [
        ...new Set(
          [...state.history, ...state.tracked.values()].map((one) => ('run' in one ? one.run : one.since)),
        ),
      ]
      const done = runs.toSorted((a, b) => b - a).filter((run) => whatRunDid(state, run).length > 0)
      const undoes = done[step.back % Math.max(1, done.length)]
      return undoes === undefined ? 'none' : { mode: 'apply', undoes }
    }
    case 'approve': {
      const question = state.questions.at(-1)
      return question?.state === 'open' ? { mode: 'apply', answers: question.run } : { mode: 'apply' }
    }
    default:
      return undefined
  }
}

function inputOf({ only, ...task }: Task): DirectInput {
  return only === undefined ? task : { ...task, only: only.map((id) => keyFromDatabase([id])) }
}

async function takeStep(world: World, state: State, step: Step): Promise<void> {
  switch (step.does) {
    case 'source edit': {
      const row = state.source.get(step.id)
      if (row === undefined) return
      state.source.set(step.id, { ...row, [step.column]: step.value })
      await world.source.query(`update orgs set ${step.column} = $1 where id = $2`, [step.value, step.id])
      return
    }
    case 'cloud edit': {
      const row = state.cloud.get(step.id)
      if (row === undefined) return
      state.cloud.set(step.id, { ...row, values: { ...row.values, [step.column]: step.value } })
      await world.cloud.query(`update orgs set ${step.column} = $1 where id = $2`, [step.value, step.id])
      return
    }
    case 'both edit': {
      const { id, column } = step
      await takeStep(world, state, { does: 'source edit', id, column, value: step.source })
      return takeStep(world, state, { does: 'cloud edit', id, column, value: step.cloud })
    }
    case 'source row':
      state.source.set(step.id, toValues(step.texts))
      await world.source.query(UPSERT, [step.id, ...step.texts])
      return
    case 'cloud row':
      if (state.cloud.has(step.id)) return
      state.cloud.set(step.id, { values: toValues(step.texts), locked: false, removed: UNMARKED })
      await world.cloud.query(UPSERT, [step.id, ...step.texts])
      return
    case 'source delete':
      state.source.delete(step.id)
      await world.source.query('delete from orgs where id = $1', [step.id])
      return
    case 'cloud delete':
      state.cloud.delete(step.id)
      await world.cloud.query('delete from orgs where id = $1', [step.id])
      return
    case 'list':
      state.list.add(step.id)
      await world.source.query('insert into targets values ($1) on conflict do nothing', [step.id])
      return
    case 'unlist':
      state.list.delete(step.id)
      await world.source.query('delete from targets where id = $1', [step.id])
      return
    case 'lock':
    case 'unlock': {
      const row = state.cloud.get(step.id)
      if (row === undefined) return
      const locked = step.does === 'lock'
      state.cloud.set(step.id, { ...row, locked })
      await world.cloud.query('update orgs set locked = $1 where id = $2', [locked, step.id])
      return
    }
    case 'policy':
      return setRules(world, state, { policies: { ...state.rules.policies, [step.column]: step.policy } })
    case 'removal':
      return setRules(world, state, { removals: { ...state.rules.removals, [step.cause]: step.policy } })
    case 'limit':
      return setRules(world, state, { limits: { ...state.rules.limits, [step.kind]: step.rows } })
    case 'replace':
      return replace(world, state, step.id, step.next)
    case 'resolve':
      return resolve(world, state, step.nth, step.take)
    case 'hold': {
      state.hold = true
      const hold = { reason: 'a test', by: 'a test', at: new Date(0).toISOString() }
      await world.app.onCloud(world.master, (cloud) => putOnHold(cloud, world.name, hold))
      return
    }
    case 'resume':
      state.hold = false
      await world.app.onCloud(world.master, (cloud) => liftHold(cloud, world.name))
      return
    case 'reject': {
      const question = state.questions.at(-1)
      if (question?.state !== 'open') return
      question.state = 'rejected'
      await world.app.onCloud(world.master, (cloud) => rejectQuestion(cloud, question.run, 'a test'))
      return
    }
    default:
      throw new Error(`${step.does} is a run`)
  }
}

const UPSERT = `
  insert into orgs (id, ${COLUMNS.join(', ')}) values ($1, ${COLUMNS.map((_, index) => `$${index + 2}`).join(', ')})
  on conflict (id) do update set ${COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')}`

/** Asks for a row to take the place of another that is known. */
async function replace(world: World, state: State, id: string, next: string): Promise<void> {
  if (id === next || !(state.list.has(id) || state.tracked.has(id))) return
  const asked = askToReplace(world.app, world.master, { from: id, to: next, note: null })
  if (isRefused(state, id, next)) {
    await assert.rejects(asked, { code: 'ID_REPLACED' })
    return
  }
  await asked
  askModel(state, id, next)
}

/** Decides the nth conflict that stands. */
async function resolve(world: World, state: State, nth: number, take: Take): Promise<void> {
  const standing = [...state.tracked].flatMap(([id, { conflicts }]) =>
    COLUMNS.flatMap((column) => (conflicts[column] === undefined ? [] : [{ id, column }])),
  )
  const { id, column } = standing[nth % Math.max(1, standing.length)] ?? {}
  const tracked = id === undefined ? undefined : state.tracked.get(id)
  const open = column === undefined ? undefined : tracked?.conflicts[column]
  if (id === undefined || column === undefined || tracked === undefined || open === undefined) return
  const decided = { ...open, take: take.side === 'value' ? { value: take.value } : take.side }
  state.tracked.set(id, { ...tracked, conflicts: { ...tracked.conflicts, [column]: decided } })
  const chosen = { column, keys: [keyFromDatabase([id])] }
  await world.app.onCloud(world.master, (cloud) => decideConflicts(cloud, world.name, chosen, take, 'a test'))
}

async function setRules(world: World, state: State, rules: Partial<Rules>): Promise<void> {
  state.rules = { ...state.rules, ...rules }
  await rewrite(world, state.rules)
}

/** More rows than there are: the limit is one by its number alone. */
const NO_LIMIT = 1_000

function rewrite(world: World, { policies, removals, limits }: Rules): Promise<void> {
  const limit = (rows: number | null) => ({ rows: rows ?? NO_LIMIT })
  return world.rewrite({
    lock: 'locked',
    columns: policies,
    removals,
    guards: {
      inserts: limit(limits.inserts),
      updates: limit(limits.updates),
      removals: limit(limits.removals),
    },
  })
}

function rulesOf({ policies, removals, limits }: Beginning): Rules {
  return {
    policies: Object.fromEntries(
      COLUMNS.map((column, index) => [column, policies[index]]),
    ) as unknown as Rules['policies'],
    removals,
    limits,
  }
}

function toValues(texts: readonly Text[]): Values {
  return Object.fromEntries(COLUMNS.map((column, index) => [column, texts[index] ?? null])) as Values
}
