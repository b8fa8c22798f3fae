import { z } from 'zod'
import { FINDINGS, type FindingCode } from './finding.js'

const count = z.int()

const sampleSchema = z.strictObject({
  id: z.string(),
  columns: z.array(z.string()).readonly().describe('of a changed row: what differs'),
})

const changeSchema = z.strictObject({
  rows: count,
  sample: z.array(sampleSchema).readonly().describe('the first of them, by id'),
})

const findingSchema = z.strictObject({
  code: z
    .enum(Object.keys(FINDINGS) as [FindingCode, ...FindingCode[]])
    .describe('see Findings in docs/errors.md'),
  file: z.string(),
  line: count.describe('counted from 1; 0: the file as a whole'),
  column: z.string().nullable().describe('the header of the column'),
  value: z.string().nullable().describe('what stands there, shortened'),
})

/** What published files would change in the on-prem table. */
export const importPlanSchema = z
  .strictObject({
    master: z.string(),
    publication: z.string().describe('iryojohonet, kouseikyoku, or csv'),
    files: z
      .array(
        z.strictObject({
          file: z.string(),
          feed: z.string().describe('the form of the file'),
          as_of: z.string().nullable().describe('the date of its data'),
          encoding: z.string().nullable(),
          records: count.describe('without headers and empty lines: rows + folded + reported'),
          rows: count,
          folded: count.describe('records of a facility that has several'),
          reported: count.describe('records that were left out, each with a finding'),
        }),
      )
      .readonly(),
    findings: z
      .strictObject({
        counts: z.record(z.string(), count).describe('how many of each kind'),
        first: z.array(findingSchema).readonly().describe('the first of each kind'),
      })
      .describe('what is to be told of the files'),
    folded: count.describe('rows that stand in the files once more, the very same'),
    contradicting: changeSchema.describe(
      'rows whose id stands in the files before, with other values: left out',
    ),
    added: changeSchema.describe('ids that the table lacks'),
    changed: changeSchema.describe('rows that the files have otherwise'),
    unchanged: count,
    absent: changeSchema.describe(
      'rows of the parts of the register that the files cover, which are not in them',
    ),
    scopes: z.array(z.string()).readonly().describe('the parts: prefecture-type, or as the mapping says'),
    uncompared: z.array(z.string()).readonly().describe('columns of the files that the table lacks'),
  })
  .meta({ title: 'what files would change' })
export type ImportPlan = Readonly<z.output<typeof importPlanSchema>>
