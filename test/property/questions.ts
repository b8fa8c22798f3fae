import { hashOf } from './cells.js'
import { causeOf, imageToGo, planRow } from './plan.js'
import { isAwaited } from './replace.js'
import type { Planned, Question, State } from './state.js'

/** What stands open is one question; it goes on being asked as long as the same is held. */
export function ask(state: State, held: readonly Planned[], run: number): number | null {
  const last = state.questions.at(-1)
  const open = last?.state === 'open' ? last : undefined
  if (held.length === 0) {
    if (open !== undefined) open.state = 'settled'
    // A no is over as soon as there is nothing to ask: should the same come up again, it is asked again.
    else if (last?.state === 'rejected') last.successor ??= run
    return null
  }
  const asks = JSON.stringify(held.map(({ id, kind, source, image }) => [id, kind, source, image]))
  const answered = last?.state === 'rejected' && last.successor === null
  if (last?.asks === asks && (last.state === 'open' || answered)) return last.run
  if (open !== undefined)
    Object.assign(open, { state: 'superseded', successor: run } satisfies Partial<Question>)
  state.questions.push({ run, asks, rows: held, state: 'open', successor: null })
  return run
}

/** Makes what a person saw and said yes to the plan of a run. */
export function answer(state: State, number: number, run: number): readonly Planned[] {
  const question = state.questions.find((asked) => asked.run === number)
  if (question === undefined) throw new Error(`run ${number} asked nothing`)
  Object.assign(question, { state: 'approved', successor: run } satisfies Partial<Question>)
  // What was asked of a row before another took its place, or was to take it, is not what becomes of it now.
  const due = ({ id, kind }: Planned): boolean =>
    RETURNS.includes(kind) ||
    (state.tracked.get(id)?.outside !== 'replaced' && !(TAKES.includes(kind) && isAwaited(state, id)))
  return question.rows.filter(due).map((row) => ({ ...row, held: null }))
}

const RETURNS: readonly string[] = ['restore', 'revive', 'return']
const TAKES: readonly string[] = ['delete_untargeted', 'delete_gone', 'forget']

/**
 * Whether a row is still what the person saw; a value that has moved since is not written by an approval. What is
 * taken away must still have to go, for the same reason. Where only the ledger changes nothing more is asked.
 */
export function isStillSo(state: State, { id, kind, source, image }: Planned): boolean {
  const cloud = state.cloud.get(id)
  const tracked = state.tracked.get(id)
  if (source !== undefined) {
    // A locked row is declined, whatever stands in it.
    if (cloud?.locked === true && tracked !== undefined) return sourceHash(state, id) === source
    const now = planRow(state, id, true)
    return now?.source === source && (now.image === image || cloud?.locked === true)
  }
  const cause = causeOf(state, id)
  if (tracked === undefined || cause === undefined) return false
  if (cloud === undefined || kind === 'keep') return true
  if (kind === 'forget') return tracked.origin === 'adopted'
  return kind.endsWith(cause) && !cloud.locked && imageToGo(cloud) === image
}

/** Of a listed row; undefined: the source has none. */
function sourceHash({ list, source, rules: { policies } }: State, id: string): string | undefined {
  const values = list.has(id) ? source.get(id) : undefined
  return values === undefined ? undefined : hashOf(policies, id, values)
}
