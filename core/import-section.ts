import { z } from 'zod'
import { cronSchema, timezoneSchema } from './cron-schema.js'
import { csvMappingSchema } from './csv-mapping.js'

const limit = (percent: number) =>
  z
    .strictObject({
      rows: z.int().min(0).optional().describe('at most this many rows'),
      percent: z
        .number()
        .min(0)
        .max(100)
        .optional()
        .describe(
          'at most this share of the open rows in the parts that the files cover; counts from 10 rows up',
        ),
    })
    .refine((value) => value.rows !== undefined || value.percent !== undefined, 'needs rows, percent or both')
    .prefault({ percent })

/** How the on-prem table of a master is kept current. */
export const importSectionSchema = z
  .strictObject({
    csv: csvMappingSchema
      .optional()
      .describe("how a CSV of one's own becomes rows; without it the ministry's forms are known"),
    feed: z
      .string()
      .min(1)
      .optional()
      .describe('the form of the files, where they do not tell it: as import --feed'),
    personal: z.boolean().default(false).describe('whether the names of persons are read'),
    from: z
      .array(z.url({ protocol: /^https?$/u, error: 'must be a URL that begins with https:// or http://' }))
      .default([])
      .describe(
        'where the files are published: URLs of files, or of pages that link to dated ones, of which the newest are taken',
      ),
    schedule: z
      .strictObject({ cron: cronSchema, timezone: timezoneSchema })
      .optional()
      .describe('when the files are looked for; without it they are not'),
    guards: z
      .strictObject({
        inserts: limit(20).describe(
          'new rows; free while the table has none in the parts that the files cover',
        ),
        updates: limit(50).describe('changed rows'),
        removals: limit(5).describe('rows to be closed'),
        rejects: z
          .strictObject({
            percent: z.number().min(0).max(100).describe('at most this share of the records of the files'),
          })
          .prefault({ percent: 1 })
          .describe('records that cannot be taken over; beyond it the files are refused'),
      })
      .prefault({})
      .describe('what an import may do by itself; a kind beyond its limit waits until a person approves it'),
  })
  .refine(({ from, schedule }) => schedule === undefined || from.length > 0, {
    path: ['schedule'],
    message: 'needs from: the places where the files are looked for',
  })

/** The limits of a master whose file says nothing of imports. */
export const IMPORT_GUARDS = importSectionSchema.parse({}).guards
export type ImportSection = z.output<typeof importSectionSchema>
