import { z } from 'zod'

export const leftColumnSchema = z.strictObject({
  column: z.string(),
  why: z
    .enum(['theirs', 'unprotected', 'not_allowed', 'refused'])
    .describe(
      'theirs: the new row has something else there, which stays · unprotected: nothing would protect the value there, for what the source had is not remembered · not_allowed: the role of the runs may not update the column · refused: the table refuses the value, as one that may stand but once',
    ),
})
/** A column in which the new row did not get what the old one had. */
export type LeftColumn = Readonly<z.output<typeof leftColumnSchema>>

export const replacedIdsSchema = z.strictObject({
  ids: z.int().describe('how many'),
  sample: z
    .array(z.strictObject({ old: z.string(), new: z.string() }))
    .readonly()
    .describe('the first of them'),
})
/** Ids whose place others have taken. */
export type ReplacedIds = Readonly<z.output<typeof replacedIdsSchema>>

export const NO_IDS: ReplacedIds = { ids: 0, sample: [] }
