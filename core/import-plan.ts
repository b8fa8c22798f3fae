import { z } from 'zod'
import { FINDINGS, type FindingCode } from './finding.js'

const count = z.int()

/**
 * What is to become of a row: added: the table lacks it · changed: the files have it otherwise · reopened: it was closed,
 * and is in the files again · absent: it is not in the files, which cover its part of the register.
 */
export const IMPORT_WHATS = ['added', 'changed', 'reopened', 'absent'] as const
export type ImportWhat = (typeof IMPORT_WHATS)[number]

const changeSchema = z.strictObject({
  rows: count,
  sample: z
    .array(
      z.strictObject({
        id: z.string(),
        columns: z.array(z.string()).readonly().describe('of a changed row: what differs'),
      }),
    )
    .readonly()
    .describe('the first of them, by id'),
})
export type Change = Readonly<z.output<typeof changeSchema>>

const findingSchema = z.strictObject({
  code: z
    .enum(Object.keys(FINDINGS) as [FindingCode, ...FindingCode[]])
    .describe('see Findings in docs/import.md'),
  file: z.string(),
  line: count.describe('counted from 1; 0: the file as a whole'),
  column: z.string().nullable().describe('the header of the column'),
  value: z
    .string()
    .nullable()
    .describe('what stands there, shortened; null in reports, which leave the on-prem side'),
})

const fileSchema = z.strictObject({
  file: z.string(),
  feed: z.string().describe('the form of the file'),
  as_of: z.string().nullable().describe('the date of its data'),
  covers: z
    .boolean()
    .optional()
    .describe(
      'false: it lists only some rows of its parts of the register, so that none is gone for not being in it',
    ),
  encoding: z.string().nullable(),
  records: count.describe('without headers and empty lines: rows + folded + reported'),
  rows: count,
  folded: count.describe('records of a facility that has several'),
  reported: count.describe('records that were left out, each with a finding'),
  unidentified: count.optional().describe('of these such as have no id that is certain'),
})
export type ImportFile = Readonly<z.output<typeof fileSchema>>

const differences = {
  added: changeSchema.describe('ids that the table lacks'),
  changed: changeSchema.describe('rows that the files have otherwise'),
  reopened: changeSchema.describe('rows that were closed, and are in the files again'),
  absent: changeSchema.describe(
    'rows of the parts of the register that the files cover, which are not in them',
  ),
  respelled: count.describe('of the changed rows those of which only the spelling differs: no history'),
  unchanged: count,
  scopes: z.array(z.string()).readonly().describe('the parts: prefecture-type, or as the mapping says'),
}
export type ImportDifferences = Readonly<z.output<z.ZodObject<typeof differences>>>

const outsideSchema = z.strictObject({
  parts: count,
  sample: z.array(z.string()).readonly().describe('the first of them'),
  oldest: z.string().nullable().describe('the date of the oldest data among them; null: there is none'),
})
export type OutsideParts = Readonly<z.output<typeof outsideSchema>>

/** What is told of an import, before it is done and after. */
export const importShape = {
  publication: z.string().describe('iryojohonet, kouseikyoku, or csv'),
  files: z.array(fileSchema).readonly(),
  findings: z
    .strictObject({
      counts: z.record(z.string(), count).describe('how many of each kind'),
      first: z.array(findingSchema).readonly().describe('the first of each kind'),
    })
    .describe('what is to be told of the files'),
  folded: count.describe('rows that stand in the files once more, the very same'),
  contradicting: z
    .strictObject({
      rows: count,
      sample: z.array(z.strictObject({ id: z.string(), file: z.string(), line: count })).readonly(),
    })
    .describe('rows whose id stands in the files before, with other values: left out'),
  ...differences,
  enriches: z
    .strictObject({
      owner: z.string().describe('the publication whose ids are those of the table'),
      matched: count,
      unmatched: count.describe('rows of the files that fit no row of the table, or several'),
    })
    .nullable()
    .describe('of a publication that only adds to the rows of another; null: its ids are those of the table'),
  uncompared: z.array(z.string()).readonly().describe('columns of the files that the table lacks'),
  outside: outsideSchema
    .optional()
    .describe(
      'parts of the register that the table has of this publication and no file covers, of the kinds of the files: left as they are; missing: not looked at',
    ),
}

const writtenSchema = z.strictObject({
  added: count,
  changed: count.describe('with such as were reopened'),
  closed: count,
  successors: z
    .strictObject({
      rows: count,
      sample: z.array(z.strictObject({ id: z.string(), successor: z.string() })).readonly(),
    })
    .describe('closed rows of which a successor is suggested'),
  unwritten: count.describe("rows that the table's own triggers made otherwise than the files have them"),
})
export type ImportWritten = Readonly<z.output<typeof writtenSchema>>

/** Of a run that imports: what it read and found. */
const importDetailSchema = z.strictObject({
  import: z.string().describe('its number on-prem'),
  ...importShape,
})
export type ImportDetail = Readonly<z.output<typeof importDetailSchema>>

export const importReportSchema = importDetailSchema.extend({
  loaded_before: z
    .boolean()
    .describe('the very same files were applied before, and were not looked at again'),
  written: writtenSchema.nullable(),
  rejected: z
    .strictObject({ at: z.string(), run: count.nullable().describe('null: of another ledger') })
    .optional()
    .describe('the very same files were rejected by a person, and nothing was imported since'),
  whole: z
    .strictObject({ files: count, parts: count })
    .optional()
    .describe('how many there are, where not all are told: the newest 20 files, the first 20 parts'),
})
export type ImportReport = Readonly<z.output<typeof importReportSchema>>

/** How much of a part of the register is open, how much of that the files lack, and how much is new to it. */
export interface ScopeRows {
  readonly scope: string
  readonly rows: number
  readonly absent: number
  readonly added: number
}
