import { z } from 'zod'
import { importShape } from './import-plan.js'
import { heldSchema } from './question.js'
import { failureSchema } from './report.js'

/** What an import of published files would change in the on-prem table, and whether it could. */
export const importPlanSchema = z
  .strictObject({
    master: z.string(),
    ...importShape,
    refused: failureSchema.nullable().describe('why the files would be refused; null: they would not'),
    held: z.array(heldSchema).readonly().describe('what would wait for a person to approve it'),
  })
  .meta({ title: 'what files would change' })
export type ImportPlan = Readonly<z.output<typeof importPlanSchema>>
