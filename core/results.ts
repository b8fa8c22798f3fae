import { z } from 'zod'
import { doctorSchema } from './doctor-report.js'
import { historySchema, leftSchema, undoableSchema } from './history.js'
import { importPlanSchema } from './import-preview.js'
import { holdSchema, sampleRowSchema } from './question.js'
import { leftColumnSchema } from './replacement.js'
import { failureSchema, reportSchema } from './report.js'
import { SCHEDULED } from './schedule-times.js'

const id = z
  .string()
  .describe('the id, as commands take it: one CSV record where the key has several columns')

const setUpSchema = z
  .strictObject({
    masters: z
      .array(
        z.strictObject({
          master: z.string().describe('its name'),
          steps: z.array(z.string()).readonly().describe('what was done, in order; empty: all was there'),
          erase: z
            .array(z.string())
            .readonly()
            .describe(
              'statements for the cloud database that erase what was copied of columns before they were excluded; they were not run',
            ),
        }),
      )
      .readonly(),
  })
  .meta({ title: 'what set-up did' })

const scriptsSchema = z
  .strictObject({
    scripts: z
      .array(
        z.strictObject({
          side: z.enum(['source', 'cloud']),
          database: z.string().describe("the variable that holds the database's URL"),
          sql: z.string().describe('to be run there as it stands'),
        }),
      )
      .readonly(),
  })
  .meta({ title: 'scripts for a database administrator' })

const scheduleSchema = z.strictObject({
  master: z.string().describe('its name'),
  what: z.enum(SCHEDULED).describe('what it starts: syncs to the cloud · imports of published files'),
  schedule: z.string().describe("the schedule's id in Temporal"),
  state: z
    .enum(['none', 'absent', 'active', 'paused', 'stale'])
    .describe(
      'none: neither in the file nor in Temporal · absent: in the file, not applied yet · stale: in Temporal, not in the file any more',
    ),
  cron: z.string().nullable().describe("from the master's file"),
  timezone: z.string().nullable().describe("from the master's file"),
  after_import: z.boolean().describe('whether a sync follows each import that wrote something'),
  next: z.iso.datetime().nullable().describe('when the next run starts; null while paused'),
  last: z.iso
    .datetime()
    .nullable()
    .describe('when the schedule last started a run, for its time or for start-sync'),
  skipped: z.int().describe('times a run was due while the one before was under way'),
  missed: z.int().describe('times a run was due and too late to be made up'),
  hold: holdSchema
    .nullable()
    .describe(
      'why runs of the master hold everything; null where they do not, or the ledger is out of reach',
    ),
})
export type ScheduleStatus = Readonly<z.output<typeof scheduleSchema>>

const schedulesSchema = z
  .strictObject({ schedules: z.array(scheduleSchema).readonly() })
  .meta({ title: 'schedules' })

const listedTargetSchema = z.strictObject({
  id,
  note: z.string().nullable().describe('why it is on the list'),
  lists: z.array(z.string()).readonly().describe('the lists that name it; `table`: it is there by hand'),
})
export type ListedTarget = Readonly<z.output<typeof listedTargetSchema>>

const targetsSchema = z
  .strictObject({ targets: z.array(listedTargetSchema).readonly() })
  .meta({ title: 'target list' })

/** What becomes of a change of the list. */
const atOnce = {
  run: reportSchema
    .nullable()
    .describe(
      'the run that brought the change to the cloud; null where none was needed, or followed to its end',
    ),
  waits: failureSchema
    .nullable()
    .describe('why no run was started or followed: the list is changed, and the next run brings it'),
}

const changedEntriesSchema = z.strictObject({
  rows: z.int(),
  sample: z
    .array(z.strictObject({ id, note: z.string().nullable() }))
    .readonly()
    .describe('the first of them, by id'),
})

const listProblemSchema = z.strictObject({
  problem: z
    .enum(['duplicate', 'unknown', 'number', 'closed', 'superseded', 'shrunk'])
    .describe(
      'duplicate: the id stands there more than once · unknown: the source lacks it, it waits on the list · number: the same, and it is a number such as 1.2E+10, which a spreadsheet made of an id · closed: the source says in its column closed_on that it has closed · superseded: another id takes its place, or has taken it · shrunk: less than half of what the list named before',
    ),
  id: id.nullable().describe('null: the list as a whole'),
  line: z.int().nullable().describe('where it stands: a line, a row of a sheet, the number of an item'),
  column: z.int().nullable(),
  did_you_mean: z
    .string()
    .nullable()
    .describe(
      'an id of the source that people take for the same; of a closed or superseded id the one in its place',
    ),
})
/** Something that a person should look at before a list is taken over. */
export type ListProblem = Readonly<z.output<typeof listProblemSchema>>

const readTargetsSchema = z
  .strictObject({
    list: z.string().describe('its URI'),
    entries: z.int().describe('how many ids it names'),
    remarks: z.array(z.string()).readonly().describe('how it was read, where people should know'),
    added: changedEntriesSchema.describe('ids that it did not name before'),
    changed: changedEntriesSchema.describe('notes that it had otherwise'),
    removed: changedEntriesSchema.describe('ids that it does not name any more'),
    duplicates: z.int(),
    unknown: z.int().describe('ids that the source lacks'),
    problems: z.array(listProblemSchema).readonly().describe('the first of them'),
    applied: z.boolean().describe('whether it was taken over'),
  })
  .meta({ title: 'a list as it was read' })
/** A list as it was read, and what taking it over changes. */
export type ReadTargets = Readonly<z.output<typeof readTargetsSchema>>

const appliedTargetsSchema = z
  .strictObject({ ...readTargetsSchema.shape, ...atOnce })
  .meta({ title: 'a list as it was taken over' })

const exportedSchema = z
  .strictObject({
    list: z.string().describe('its URI'),
    entries: z.int().describe('ids written'),
    written: z
      .boolean()
      .describe("false: nothing was, for the master's file names the place, and nobody has said yes"),
  })
  .meta({ title: 'a list as it was written' })

const targetHistorySchema = z
  .strictObject({
    changes: z
      .array(
        z.strictObject({
          id,
          what: z.enum(['added', 'changed', 'removed']),
          list: z.string().describe('the URI of the list, or `table`: by hand'),
          note: z
            .string()
            .nullable()
            .describe(
              'as it was then; null: none, or not known: where the cloud keeps no notes, and of an added id whose note was changed later',
            ),
          at: z.iso.datetime(),
          run: z.int().nullable().describe('the run that found it'),
          by: z.string().nullable().describe('who changed it; null: whoever edited the list itself'),
        }),
      )
      .readonly()
      .describe('newest first'),
    more: z.int().describe('older changes that are not shown; --limit shows more'),
  })
  .meta({ title: 'history of the list' })
export type TargetHistory = Readonly<z.output<typeof targetHistorySchema>>
export type TargetChange = Readonly<z.output<typeof targetHistorySchema>['changes'][number]>

const changedTargetSchema = z.strictObject({
  id,
  result: z
    .enum(['added', 'changed', 'listed', 'removed', 'not_listed', 'named_by_list'])
    .describe(
      'changed: only its note · listed: it was on the list · not_listed: it was not on the list · named_by_list: stays, for a list names it',
    ),
  lists: z.array(z.string()).readonly().describe('of an id that stays: the lists that name it'),
  in_source: z
    .boolean()
    .nullable()
    .describe('whether the source has the id; null where it was not looked for'),
  did_you_mean: z.string().nullable().describe('an id of the source that people take for the same'),
  closed: z.boolean().describe('whether the source knows an id that was put on the list as closed'),
  successor: z.string().nullable().describe('the id that took the place of one that is closed'),
})
export type ChangedTarget = Readonly<z.output<typeof changedTargetSchema>>

const changedTargetsSchema = z
  .strictObject({ targets: z.array(changedTargetSchema).readonly(), ...atOnce })
  .meta({ title: 'changes of the list' })

const referringSchema = z.strictObject({
  table: z.string(),
  columns: z.array(z.string()).readonly().describe('the columns that refer to it'),
  rows: z.int(),
  sample: z
    .array(z.string())
    .readonly()
    .describe('the first of them, by their primary key; where there is none, by those columns'),
})

const replacedSchema = z
  .strictObject({
    old: id,
    new: id,
    note: z.string().nullable().describe('the note that the new id was listed with; null: none, or its own'),
    in_source: z.boolean().describe('whether the source has the new id: it waits on the list otherwise'),
    did_you_mean: z.string().nullable().describe('an id of the source that people take for the new one'),
    done: z
      .boolean()
      .describe("whether the new row has taken the old one's place; until then the next runs try it"),
    carried: z.array(z.string()).readonly().describe('columns whose values were carried over'),
    left: z.array(leftColumnSchema).readonly().describe('columns whose values were not carried over'),
    instead: id
      .nullable()
      .describe('what takes the place of the old id instead, for somebody asked otherwise meanwhile'),
    lists: z
      .array(z.string())
      .readonly()
      .describe('the lists that still name the old id, to be edited there; `table`: it is there by hand'),
    referring: z.array(referringSchema).readonly().describe('rows of the cloud that refer to the old row'),
    ...atOnce,
  })
  .meta({ title: 'an id that was issued anew' })
export type ReplacedTarget = Readonly<z.output<typeof replacedSchema>>

const runsSchema = z
  .strictObject({ runs: z.array(reportSchema).readonly().describe('newest first') })
  .meta({ title: 'last runs' })

const rejectSchema = z.strictObject({
  id,
  sqlstate: z.string().describe("the server's error code"),
  message: z.string().describe("the server's message"),
  column: z.string().nullable().describe('the column that the server named'),
})
export type Reject = Readonly<z.output<typeof rejectSchema>>

const text = z.string().nullable().describe('as text')

const conflictSchema = z.strictObject({
  id,
  column: z.string(),
  base: z.string().nullable().describe('what both sides had when they last agreed, as text'),
  base_known: z.boolean().describe('false: what they last agreed on is not known'),
  source: text,
  cloud: text,
  run: z.int().describe('the run that found it'),
  found_at: z.iso.datetime().describe('when'),
  decision: z
    .strictObject({
      take: z.enum(['source', 'cloud', 'value']),
      value: z.string().nullable().describe('where a value of its own was decided on'),
      by: z.string().nullable().describe('who decided'),
    })
    .nullable()
    .describe('what the next run does, unless either side has changed by then; null: not decided'),
})
/** A value that both sides have changed. */
export type Conflict = Readonly<z.output<typeof conflictSchema>>

const conflictsSchema = z
  .strictObject({
    total: z.int().describe('conflicts of the master, or of the column'),
    conflicts: z.array(conflictSchema).readonly().describe('the first of them, by id'),
  })
  .meta({ title: 'conflicts' })

const resolvedSchema = z
  .strictObject({
    total: z.int().describe('conflicts that were decided'),
    conflicts: z.array(conflictSchema).readonly().describe('the first of them, by id'),
    run: reportSchema.nullable().describe('the run that applied them, with --now'),
  })
  .meta({ title: 'decided conflicts' })

const leftRowSchema = z.strictObject({ id, ...leftSchema.shape })
export type LeftRow = Readonly<z.output<typeof leftRowSchema>>

const runDetailSchema = z
  .strictObject({
    ...reportSchema.shape,
    sample: z.array(sampleRowSchema).readonly().describe('some rows of what it was to do, cell by cell'),
    open_conflicts: z.int().describe('values of the master that both sides have changed, at present'),
    left: z
      .array(leftRowSchema)
      .readonly()
      .describe('of an undo: rows that it let be, wholly or in some cells; the first of them'),
    rejects: z
      .array(rejectSchema)
      .readonly()
      .describe('rows of the master that the cloud refuses at present'),
  })
  .meta({ title: 'one run' })

/** What a verb prints with `--json` in place of its result when it ends with a coded error. */
export const failureResultSchema = z.strictObject({ failure: failureSchema }).meta({ title: 'error' })

/**
 * What each verb prints with `--json`, by its name; a name that goes on with arguments is another shape of the same
 * verb. docs/cli.md is generated from here.
 */
export const RESULTS = {
  setup: setUpSchema,
  'setup --print-sql': scriptsSchema,
  'start-sync': reportSchema,
  'schedule apply': schedulesSchema,
  'schedule status': schedulesSchema,
  'schedule pause': schedulesSchema,
  'schedule resume': schedulesSchema,
  'schedule remove': schedulesSchema,
  'targets list': targetsSchema,
  'targets add': changedTargetsSchema,
  'targets remove': changedTargetsSchema,
  'targets replace': replacedSchema,
  'targets check': readTargetsSchema,
  'targets apply': appliedTargetsSchema,
  'targets export': exportedSchema,
  'targets history': targetHistorySchema,
  import: reportSchema,
  'import --mode plan': importPlanSchema,
  runs: runsSchema,
  'runs RUN': runDetailSchema,
  approve: reportSchema,
  reject: reportSchema,
  'conflicts list': conflictsSchema,
  'conflicts resolve': resolvedSchema,
  history: historySchema,
  undo: undoableSchema,
  'undo --yes': reportSchema,
  cancel: reportSchema,
  doctor: doctorSchema,
} as const satisfies Readonly<Record<string, z.ZodType>>

export type Verb = keyof typeof RESULTS
export type Result<V extends Verb> = z.output<(typeof RESULTS)[V]>
