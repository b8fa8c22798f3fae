import fc from 'fast-check'
import {
  CAUSES,
  COLUMNS,
  IDS,
  LIMITED,
  POLICIES,
  REMOVALS,
  type Column,
  type Rules,
  type Text,
} from './state.js'

/** What happens in a sequence, one thing after the other. What makes no sense where it stands is passed over. */
export type Step =
  | {
      readonly does: 'source edit' | 'cloud edit'
      readonly id: string
      readonly column: Column
      readonly value: Text
    }
  | {
      readonly does: 'both edit'
      readonly id: string
      readonly column: Column
      readonly source: Text
      readonly cloud: Text
    }
  | { readonly does: 'source row' | 'cloud row'; readonly id: string; readonly texts: readonly Text[] }
  | { readonly does: 'source delete' | 'cloud delete'; readonly id: string }
  | { readonly does: 'list' | 'unlist' | 'lock' | 'unlock'; readonly id: string }
  | { readonly does: 'policy'; readonly column: Column; readonly policy: Rules['policies'][Column] }
  | {
      readonly does: 'removal'
      readonly cause: keyof Rules['removals']
      readonly policy: Rules['removals']['gone']
    }
  | { readonly does: 'limit'; readonly kind: keyof Rules['limits']; readonly rows: number | null }
  | { readonly does: 'resolve'; readonly nth: number; readonly take: Take }
  | { readonly does: 'hold' | 'resume' | 'approve' | 'reject' | 'run' | 'run --approve' | 'plan' }
  | { readonly does: 'run --only'; readonly ids: readonly string[] }
  | { readonly does: 'undo'; readonly back: number }
  | { readonly does: 'replace'; readonly id: string; readonly next: string }

export type Take = { readonly side: 'source' | 'cloud' } | { readonly side: 'value'; readonly value: Text }

/** Few, so that sides agree by chance, and most changes meet others. */
const text = fc.constantFrom<Text>('x', 'y', 'z', '', null)
const id = fc.constantFrom(...IDS)
const column = fc.constantFrom(...COLUMNS)
const limit = fc.constantFrom(0, 1, null, null)
const texts = fc.tuple(...COLUMNS.map(() => text))
const take = fc.oneof(
  fc.record({ side: fc.constantFrom('source', 'cloud') }),
  fc.record({ side: fc.constant('value'), value: text }),
) as fc.Arbitrary<Take>

/** A kind of step, and how often it is drawn. */
function of<R>(
  weight: number,
  does: Step['does'],
  rest: { readonly [K in keyof R]: fc.Arbitrary<R[K]> },
): { readonly weight: number; readonly arbitrary: fc.Arbitrary<Step> } {
  return {
    weight,
    arbitrary: fc.record({ does: fc.constant(does), ...rest }) as unknown as fc.Arbitrary<Step>,
  }
}

const change = fc.oneof(
  of(12, 'source edit', { id, column, value: text }),
  of(12, 'cloud edit', { id, column, value: text }),
  of(6, 'both edit', { id, column, source: text, cloud: text }),
  of(2, 'source row', { id, texts }),
  of(3, 'cloud row', { id, texts }),
  of(3, 'source delete', { id }),
  of(2, 'cloud delete', { id }),
  of(8, 'list', { id }),
  of(6, 'unlist', { id }),
  of(3, 'lock', { id }),
  of(2, 'unlock', { id }),
  of(3, 'policy', { column, policy: fc.constantFrom(...POLICIES) }),
  of(4, 'removal', { cause: fc.constantFrom(...CAUSES), policy: fc.constantFrom(...REMOVALS) }),
  of(4, 'limit', { kind: fc.constantFrom(...LIMITED), rows: limit }),
  of(6, 'resolve', { nth: fc.nat(5), take }),
  of(6, 'replace', { id, next: id }),
  of(1, 'reject', {}),
  of(1, 'hold', {}),
  of(3, 'resume', {}),
)

const run = fc.oneof(
  of(16, 'run', {}),
  of(1, 'run --approve', {}),
  of(3, 'run --only', { ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }) }),
  of(1, 'plan', {}),
  of(8, 'approve', {}),
  of(4, 'undo', { back: fc.nat(3) }),
)

/** Some changes, and a run that meets them. */
const round = fc.record({ changes: fc.array(change, { maxLength: 10, size: 'max' }), run })

/** Where a sequence begins: mostly with a full run. */
const beginning = fc.record({
  source: fc.tuple(...IDS.map(() => fc.option(texts, { freq: 6 }))),
  runs: fc.constantFrom(true, true, true, false),
  unlisted: fc.subarray([...IDS], { maxLength: 2 }),
  cloud: fc.array(fc.tuple(id, texts), { maxLength: 2 }),
  policies: fc.oneof(
    fc.constant(['overwrite', 'keep_edits', 'fill_empty', 'insert_only'] as const),
    fc.constant(['overwrite', 'keep_edits', 'keep_edits', 'fill_empty'] as const),
    fc.tuple(...COLUMNS.map(() => fc.constantFrom(...POLICIES))),
  ),
  limits: fc.record({ inserts: limit, updates: limit, removals: limit }),
  removals: fc.record({ untargeted: fc.constantFrom(...REMOVALS), gone: fc.constantFrom(...REMOVALS) }),
})
export type Beginning = typeof beginning extends fc.Arbitrary<infer B> ? B : never

export const sequence = fc.record({
  beginning,
  rounds: fc.array(round, { minLength: 1, maxLength: 4, size: 'max' }),
})
export type Sequence = typeof sequence extends fc.Arbitrary<infer S> ? S : never
