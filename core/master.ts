import { z } from 'zod'
import { cronSchema, timezoneSchema } from './cron-schema.js'
import { parseDuration } from './duration.js'
import { importSectionSchema } from './import-section.js'
import { parseTableName } from './table-name.js'

const COLUMN_POLICIES = ['overwrite', 'keep_edits', 'fill_empty', 'insert_only'] as const
/** What happens to a tracked row that should no longer be in the cloud. */
const REMOVAL_POLICIES = ['delete', 'keep', 'mark'] as const

/** How a column of an existing cloud row is treated. */
export type ColumnPolicy = (typeof COLUMN_POLICIES)[number]
export type RemovalPolicy = (typeof REMOVAL_POLICIES)[number]
/** Why a tracked row should no longer be in the cloud: it left the list, or it left the source. Off the list beats gone. */
export type RemovalCause = 'untargeted' | 'gone'

const table = z
  .string()
  .refine(
    (text) => parseTableName(text) !== undefined,
    'must be a table name such as public.master_medical_orgs',
  )
  .describe('schema.table; names with dots or quotes in double quotes')

const columnName = z.string().min(1).describe('a column name, exactly as in the table')

const variable = (fallback: string) =>
  z
    .string()
    .regex(/^[A-Z][A-Z0-9_]*$/u, 'must be the name of an environment variable')
    .default(fallback)
    .describe('the environment variable that holds the connection URL')

const duration = (fallback: string) =>
  z
    .string()
    .refine((text) => parseDuration(text) !== undefined, 'must be a span of time such as 7d, 12h or 30m')
    .default(fallback)

const limit = (rows: number | undefined, percent: number) =>
  z
    .strictObject({
      rows: z.int().min(0).optional().describe('at most this many rows'),
      percent: z
        .number()
        .min(0)
        .max(100)
        .optional()
        .describe('at most this share of the rows tracked when the run opens; counts from 10 rows up'),
    })
    .refine((value) => value.rows !== undefined || value.percent !== undefined, 'needs rows, percent or both')
    .prefault(rows === undefined ? { percent } : { rows, percent })

/** The file that describes a master. The defaults are the documented ones. */
export const masterSchema = z
  .strictObject({
    master: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/u, 'must be 1 to 40 of a-z, 0-9 and _, beginning with a letter')
      .describe('the name used in commands, in Temporal and in the ledger'),
    title: z.string().min(1).optional().describe('the name shown to people'),
    default: z.boolean().default(false).describe('the master meant when a command names none'),
    source: z
      .strictObject({
        table,
        key: z
          .array(columnName)
          .min(1)
          .max(8)
          .describe('the columns that identify a row: text, integer or uuid'),
        exclude: z.array(columnName).default([]).describe('columns that never leave the on-prem side'),
        database: variable('SOURCE_DATABASE_URL'),
      })
      .describe('the on-prem table or view'),
    import: importSectionSchema
      .optional()
      .describe('how the on-prem table is kept current from published files'),
    targets: z
      .strictObject({
        table: table
          .optional()
          .describe(
            'the on-prem table of the list: schema.table; without it the list stands in the cloud database alone, and the role on-prem need only read',
          ),
        lists: z
          .array(z.string().min(1))
          .default([])
          .describe(
            'files (.yaml, .csv, .xlsx; by their path from the folder of the masters), s3://bucket/key, dynamodb://table: read into the list at the start of every run',
          ),
        publish: z
          .array(z.string().min(1))
          .default([])
          .describe('the same forms: the ids whose rows the cloud holds are written there after every run'),
        notes: z
          .boolean()
          .default(false)
          .describe('whether the cloud database holds the notes as well as the ids'),
      })
      .describe('the list of the ids that the cloud should hold'),
    cloud: z
      .strictObject({ table, database: variable('CLOUD_DATABASE_URL') })
      .describe('the table in the cloud'),
    columns: z
      .record(columnName, z.enum(COLUMN_POLICIES).describe('how that column is treated'))
      .default({})
      .describe(
        'overwrite (default): kept equal to the source · keep_edits: what is edited in the cloud stays · fill_empty: written while the cloud has nothing there · insert_only: written with a new row, then left alone',
      ),
    search: z
      .strictObject({
        text: z
          .array(columnName)
          .min(1)
          .optional()
          .describe(
            'in which words are looked for; without it *_search columns, or those that are called name or title',
          ),
        filters: z
          .array(columnName)
          .optional()
          .describe(
            'of which one value may be chosen; without it prefecture_code and institution_type, where they are',
          ),
        show: z
          .array(columnName)
          .min(1)
          .optional()
          .describe('what tells rows apart, the name first; without it the name, the address and the like'),
      })
      .optional()
      .describe('how the console looks for rows of the source'),
    lock: columnName
      .optional()
      .describe(
        'a boolean column of the cloud table: while it is true, the row is neither written nor removed',
      ),
    removals: z
      .strictObject({
        untargeted: z.enum(REMOVAL_POLICIES).default('delete').describe('rows that left the list'),
        gone: z.enum(REMOVAL_POLICIES).default('mark').describe('rows that left the source'),
      })
      .prefault({})
      .describe(
        'what happens to a tracked row that should no longer be in the cloud: delete · keep: left as it is · mark: sync_removed_at and sync_removed_reason are set',
      ),
    guards: z
      .strictObject({
        inserts: limit(undefined, 100).describe('new rows; free until a full run has completed'),
        updates: limit(undefined, 50).describe('changed rows'),
        removals: limit(100, 5).describe('rows to be deleted or marked'),
        rejects: limit(undefined, 1).describe('rows that the cloud refuses; beyond it the run fails'),
        approval_within: duration('7d').describe('how long a question waits for its answer'),
        approval_by_another: z
          .boolean()
          .default(false)
          .describe('whether who started a run may not approve what it asks'),
      })
      .prefault({})
      .describe('what a run may do by itself; a kind beyond its limit waits until a person approves it'),
    history: z
      .strictObject({
        keep: duration('400d').describe('how long changes of rows are remembered, and can be undone'),
      })
      .prefault({})
      .describe('what is remembered of every row'),
    schedule: z
      .strictObject({
        cron: cronSchema.optional(),
        timezone: timezoneSchema,
        after: z
          .literal('import')
          .optional()
          .describe('import: a run follows whatever an import of the master has written'),
      })
      .refine(({ cron, after }) => cron !== undefined || after !== undefined, 'needs cron, after or both')
      .optional()
      .describe('when runs start by themselves; without it they do not'),
  })
  .superRefine((master, context) => {
    const { key, exclude } = master.source
    const report = (path: PropertyKey[], message: string): void => {
      context.addIssue({ code: 'custom', path, message })
    }
    key.forEach((column, index) => {
      if (key.indexOf(column) !== index) report(['source', 'key', index], `${column} stands twice in the key`)
    })
    exclude.forEach((column, index) => {
      if (key.includes(column))
        report(['source', 'exclude', index], `${column} is part of the key and cannot be excluded`)
      if (Object.hasOwn(master.columns, column)) {
        report(['columns', column], `${column} is excluded at the source and can have no policy`)
      }
    })
    for (const [part, names] of Object.entries(master.search ?? {}))
      names?.forEach((column, index) => {
        if (exclude.includes(column))
          report(['search', part, index], `${column} is excluded at the source and is not shown`)
      })
    for (const column of key) {
      if (Object.hasOwn(master.columns, column))
        report(['columns', column], `${column} is part of the key and can have no policy`)
    }
    if (master.lock !== undefined && [...key, ...Object.keys(master.columns)].includes(master.lock))
      report(['lock'], `${master.lock} is a column of the source: the lock is one of the cloud alone`)
  })

export type Master = z.output<typeof masterSchema>
export type Limit = Master['guards']['inserts']
