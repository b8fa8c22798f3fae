import { z } from 'zod'
import { replacedIdsSchema } from './replacement.js'

/** What a run did to a row, with the Japanese for it. */
export const HISTORY_WORDS = {
  inserted: '追加',
  updated: '更新',
  removed: '削除',
  marked: '削除印',
  restored: '復元',
  adopted: '引継ぎ',
  noted: '台帳のみ',
  left: '取り消さず',
} as const
export type HistoryKind = keyof typeof HISTORY_WORDS

export const HISTORY_KINDS = Object.keys(HISTORY_WORDS) as [HistoryKind, ...HistoryKind[]]

/** What an import did to a row of the source, with the Japanese for it. */
export const IMPORT_CHANGES = {
  added: '追加',
  changed: '変更',
  closed: '廃止',
  reopened: '再開',
  enriched: '補完',
} as const
export type ImportChange = keyof typeof IMPORT_CHANGES

/** Why an undo lets a row be, or some cells of it. */
export const LEFT_REASONS = {
  edited: { en: 'was changed since', ja: 'その後に変更' },
  deleted: { en: 'was deleted since', ja: 'その後に削除' },
  present: { en: 'a row of that id is there by now', ja: '同じ id の行がある' },
  locked: { en: 'is locked', ja: 'ロック中' },
  referenced: { en: 'another table refers to it', ja: '他のテーブルが参照' },
  superseded: { en: 'a later run has worked on it', ja: '後の実行が変更' },
  refused: { en: 'the cloud refused it', ja: 'クラウドが拒否' },
} as const
export type LeftReason = keyof typeof LEFT_REASONS

const run = z.int()
const text = z.string().nullable().describe('as text')
const column = z.string()

export const leftSchema = z.strictObject({
  why: z.enum(Object.keys(LEFT_REASONS) as [LeftReason, ...LeftReason[]]).describe(
    Object.entries(LEFT_REASONS)
      .map(([name, { en }]) => `${name}: ${en}`)
      .join(' · '),
  ),
  columns: z
    .array(z.strictObject({ column, wanted: text, found: text }))
    .readonly()
    .describe('what the undo would have written, and what stands there'),
})
export type Left = Readonly<z.output<typeof leftSchema>>

/** What became of a row in the ledger, beside its values. */
const LEDGER_CHANGES = [
  'tracked',
  'untracked',
  'kept',
  'marked',
  'replaced',
  'returned',
  'conflict',
  'settled',
  'undecided',
  'declined',
  'remembered',
] as const
export type LedgerChange = (typeof LEDGER_CHANGES)[number]

const decisionSchema = z.strictObject({
  column,
  take: z.enum(['source', 'cloud', 'value']),
  value: text,
  by: z.string().nullable(),
})
export type ToldDecision = Readonly<z.output<typeof decisionSchema>>

const chapterSchema = z.strictObject({
  run,
  at: z.string().describe('ISO 8601, UTC'),
  kind: z
    .enum(HISTORY_KINDS)
    .describe('noted: only what the ledger says of the row changed · left: an undo let it be'),
  by: z.string().nullable().describe('who started the run; null: its schedule'),
  answers: run.nullable().describe('the question that the run was the approval of'),
  undoes: run.nullable().describe('the run that the run took back'),
  undone_by: run.nullable().describe('the run that took this back'),
  cause: z
    .enum(['untargeted', 'gone', 'replaced'])
    .nullable()
    .describe(
      'why a row was removed or marked: off the list, gone from the source, or issued anew as another; null also where it may be either of the first two',
    ),
  columns: z.array(z.strictObject({ column, from: text, to: text })).readonly(),
  ledger: z
    .array(
      z.strictObject({
        change: z.enum(LEDGER_CHANGES),
        columns: z.array(column).readonly(),
        decisions: z.array(decisionSchema).readonly().describe('what people had decided in these columns'),
      }),
    )
    .readonly()
    .describe(
      "tracked, untracked: by the sync · kept, marked: although it was to go · replaced: another row took its place · returned: to the comparison · conflict, settled: in these columns · undecided: a side had changed since the decision · declined: the row's lock kept the source's change out · remembered: only what the source had",
    ),
  left: leftSchema.nullable().describe('what an undo did not take back'),
})
export type Chapter = Readonly<z.output<typeof chapterSchema>>

const importChapterSchema = z.strictObject({
  import: z.string().describe('its number on-prem'),
  run: run
    .nullable()
    .describe('the run that imported; null: not known any more, or the run of another ledger'),
  at: z.string().describe('ISO 8601, UTC'),
  what: z
    .enum(Object.keys(IMPORT_CHANGES) as [ImportChange, ...ImportChange[]])
    .describe(
      "closed: it was not in the files · reopened: it is in them again · enriched: by another publication than the one whose ids are the table's",
    ),
  files: z.array(z.string()).readonly().describe('the names of the published files'),
  columns: z
    .array(z.strictObject({ column, from: text, to: text }))
    .readonly()
    .describe('empty for a new row'),
})
export type ImportChapter = Readonly<z.output<typeof importChapterSchema>>

export const historySchema = z
  .strictObject({
    id: z.string(),
    in_cloud: z.boolean().describe('whether the cloud has the row now'),
    tracked: z
      .strictObject({
        origin: z.enum(['synced', 'adopted']).describe("adopted: was the cloud's own before"),
        since: run
          .nullable()
          .describe('the run that inserted or adopted it; null: one before that was written down'),
        outside: z
          .enum(['kept', 'replaced', 'marked_untargeted', 'marked_gone'])
          .nullable()
          .describe('kept or marked although it was to go; replaced: another row took its place'),
      })
      .nullable()
      .describe('null: it is not kept by the sync'),
    conflicts: z
      .array(z.strictObject({ column, base: text, source: text, cloud: text, run }))
      .readonly()
      .describe(
        'values that both sides have changed; base: what they last agreed on, null also where that is not known',
      ),
    chapters: z.array(chapterSchema).readonly().describe('what runs did to it, oldest first'),
    imports: z
      .array(importChapterSchema)
      .readonly()
      .nullable()
      .describe(
        'what imports did to the row of the source, oldest first, as the source tells it now; null: nothing is imported there, or it cannot be asked',
      ),
  })
  .meta({ title: 'history of a row' })
export type RowStory = Readonly<z.output<typeof historySchema>>

export const undoableSchema = z
  .strictObject({
    run,
    rows: z.int().describe('rows that an undo would look at: what was changed since stays'),
    kinds: z.partialRecord(z.enum(HISTORY_KINDS), z.int()).describe('by what the run did to them'),
    replaced: replacedIdsSchema.describe(
      'ids whose place the run gave to others, and that are off the list: an undo does not list them again. Before `schedule resume`, list each old id (targets add), and take the new one off if it is not meant (targets remove)',
    ),
  })
  .meta({ title: 'what can be taken back' })
export type Undoable = Readonly<z.output<typeof undoableSchema>>
