import { z } from 'zod'
import { dataSourceSchema } from './data-source.js'
import { EXIT, type ExitCode } from './error-catalogue.js'
import { importReportSchema } from './import-plan.js'
import { PLAN_KINDS } from './plan.js'
import { heldSchema, questionSchema } from './question.js'
import { replacedIdsSchema } from './replacement.js'

export const MODES = ['apply', 'plan', 'verify'] as const
/** apply: write the differences · plan: count what a run would write · verify: compare all that is tracked. */
export type Mode = (typeof MODES)[number]

export const OUTCOMES = [
  'completed',
  'nothing_to_do',
  'completed_with_rejects',
  'awaiting_approval',
  'rejected',
  'failed',
  'cancelled',
] as const
export type Outcome = (typeof OUTCOMES)[number]

export const RUN_KINDS = ['sync', 'undo', 'import'] as const
/** sync: brings the cloud up to the source · undo: takes back what a run did · import: brings the source up to published files. */
export type RunKind = (typeof RUN_KINDS)[number]

export const ROW_COUNTS = [
  'inserted',
  'updated',
  'removed',
  'marked',
  'restored',
  'adopted',
  'unchanged',
  'locked',
  'held',
  'moved',
  'altered',
  'conflicts',
  'rejected',
] as const
export type RowCounts = Readonly<Record<(typeof ROW_COUNTS)[number], number>>

const count = z.int().min(0)

const rowsSchema = z.strictObject({
  inserted: count.describe('new in the cloud'),
  updated: count.describe('changed, because the source or the cloud had changed'),
  removed: count.describe('deleted from the cloud'),
  marked: count.describe('not deleted but marked as removed'),
  restored: count.describe('deleted in the cloud by someone else, inserted again'),
  adopted: count.describe("the cloud's own rows that the sync took over because their ids are listed"),
  unchanged: count.describe('equal on both sides before the run'),
  locked: count.describe('at the close: locked in the cloud, neither written nor removed'),
  held: count.describe('at the close: wait for a person to approve them'),
  moved: count.describe(
    'were to be written, but had changed by then, or left the source; the next run sees to them. Of an undo: changed since, and left as they are',
  ),
  altered: count.describe("at the close: made otherwise by the cloud table's own triggers"),
  conflicts: count.describe('at the close: values that both sides changed since they last agreed'),
  rejected: count.describe('refused by the cloud; retried by the next run'),
}) satisfies z.ZodType<RowCounts>

export const failureSchema = z.strictObject({
  code: z.string().describe('one of docs/errors.md'),
  message: z.string().describe('what happened, and where'),
  remedy: z.string().describe('what to do about it'),
})
/** Why a run failed, for people. */
export type RunFailure = z.output<typeof failureSchema>

const readListSchema = z.strictObject({
  list: z.string().describe('its URI'),
  entries: count.nullable().describe('how many ids it named when it was last read; null: never'),
  added: count.describe('ids that it did not name before'),
  changed: count.describe('notes that it had otherwise'),
  removed: count.describe('ids that it does not name any more'),
  failure: failureSchema.nullable().describe('why it could not be read: what was read before stays in force'),
})
/** How a list of the master was read at the start of a run. */
export type ReadList = Readonly<z.output<typeof readListSchema>>

const publishedListSchema = z.strictObject({
  list: z.string().describe('its URI'),
  entries: count.nullable().describe('how many ids it holds since it was written last; null: never'),
  failure: failureSchema.nullable().describe('why it could not be written'),
})
/** How the ids that the cloud holds were written somewhere. */
export type PublishedList = Readonly<z.output<typeof publishedListSchema>>

/** The run report: what `--json` prints. `run` is 0 where the run could not even be recorded. */
export const reportSchema = z
  .strictObject({
    run: count.describe('its number; 0 where it could not even be recorded'),
    kind: z
      .enum(RUN_KINDS)
      .describe(
        'sync: brings the cloud up to the source · undo: takes back a run · import: brings the source up to published files, where marked are rows that were closed, and rejected such as the files have and were left out',
      ),
    master: z.string().describe('its name'),
    mode: z.enum(MODES).describe('apply: write · plan: count only · verify: compare only'),
    outcome: z.enum(OUTCOMES).nullable().describe('null while the run is under way'),
    started_at: z.string().describe('ISO 8601, UTC'),
    only: count.nullable().describe('how many ids it was asked for; null: it was for all'),
    targets: count.describe('ids on the list, of those that it was for'),
    missing: count.describe('ids on the list that the source lacks'),
    missing_ids: z
      .array(z.strictObject({ id: z.string(), did_you_mean: z.string().nullable() }))
      .describe('a sample of them, with an id of the source that people take for the same'),
    lists: z.array(readListSchema).describe('the lists of the master, as they were read at its start'),
    published: z
      .array(publishedListSchema)
      .describe('where the ids that the cloud holds are written after a run'),
    sources: z
      .array(dataSourceSchema)
      .describe(
        'where the data was published, and as of when the cloud has it, since the last full run; of a run that imports: as of when the source has it',
      ),
    rows: rowsSchema.describe('counted by what happened to them'),
    replaced: replacedIdsSchema.describe(
      'ids whose place the run gave to others. Of an undo: those of the run it took back that are off the list: before `schedule resume`, list each old id again (targets add), and take the new one off if it is not meant (targets remove)',
    ),
    planned: z
      .partialRecord(z.enum(PLAN_KINDS), count)
      .describe('rows by what was to be done with them, and why'),
    held: z.array(heldSchema).describe('what the run did not do by itself'),
    question: questionSchema.nullable().describe('what it waits for'),
    uncopied: z
      .array(z.string())
      .describe('columns of the source that the cloud lacks: not copied until setup adds them'),
    started_by: z.string().nullable().describe('who asked for it; null: its schedule'),
    answers: count.nullable().describe('the question that it was started to answer with yes'),
    undoes: count.nullable().describe('the run that it takes back'),
    import: importReportSchema.nullable().describe('of a run that imports: what it read, found and wrote'),
    bytes: z
      .strictObject({ source: count, cloud: count })
      .describe('row data and hashes read from the source, written to and read from the cloud'),
    wal: count.describe(
      'bytes of write-ahead log that the cloud server wrote while the run was under way, whoever wrote them',
    ),
    seconds: z
      .strictObject({ total: z.number().describe('from the opening to the close') })
      .catchall(z.number().describe('by phase'))
      .describe('how long it took'),
    equal: z.boolean().nullable().describe('whether both sides were proven equal; null where not proven'),
    unequal_ids: z.array(z.string()).describe('a sample of the rows that differ'),
    workflow: z
      .strictObject({ id: z.string(), run_id: z.string() })
      .describe('the durable workflow that carries the run, in Temporal'),
    failure: failureSchema.nullable().describe('why the run failed'),
  })
  .meta({ title: 'run report' })
export type RunReport = z.output<typeof reportSchema>

/** The exit code of a command that followed a run to its end. */
export function exitCodeOf(report: RunReport): ExitCode {
  switch (report.outcome) {
    case 'failed':
    case 'cancelled':
    case 'rejected':
      return EXIT.failed
    case 'completed_with_rejects':
    case 'awaiting_approval':
      return EXIT.look
    default:
      return report.equal === false ||
        report.rows.held > 0 ||
        [...report.lists, ...report.published].some(({ failure }) => failure !== null) ||
        (report.kind === 'undo' && report.rows.moved > 0) ||
        (report.mode !== 'apply' && differences(report.rows) > 0)
        ? EXIT.look
        : EXIT.done
  }
}

/** Rows that a plan would write, or that a verification found to differ. */
export function differences(rows: RowCounts): number {
  return rows.inserted + rows.updated + rows.removed + rows.marked + rows.restored + rows.adopted
}
