import { z } from 'zod'

const columnName = z.string().min(1).describe('a column of the master table')
const header = z.string().min(1).describe('the header of the column in the file')

/** How a CSV of one's own becomes rows of a master table. */
export const csvMappingSchema = z
  .strictObject({
    columns: z
      .record(
        columnName,
        z.union([
          header,
          z.strictObject({
            header,
            required: z.boolean().default(false).describe('whether every row must have a value'),
          }),
        ]),
      )
      .describe('which column of the table gets what of the file, by the headers of its first line'),
    key: z.array(columnName).min(1).max(8).describe('the columns of the table that identify a row'),
    scope: z
      .array(columnName)
      .default([])
      .describe(
        'the columns that say which part of the master a file covers: only rows of a part that is in the file can be missing from it; without them a file covers all',
      ),
    encoding: z
      .enum(['utf-8', 'cp932'])
      .optional()
      .describe('of the file; without it UTF-8, or CP932 where it is not UTF-8'),
    delimiter: z
      .enum([',', '\t', ';'])
      .optional()
      .describe('what separates values; without it what the first line has'),
    as_of: z.iso.date().optional().describe('the date of the data, where the name of the file has none'),
  })
  .superRefine(({ columns, key, scope }, context) => {
    for (const [path, names] of Object.entries({ key, scope })) {
      names.forEach((column, index) => {
        if (Object.hasOwn(columns, column)) return
        context.addIssue({ code: 'custom', path: [path, index], message: `${column} is not among columns` })
      })
    }
  })

export type CsvMapping = z.output<typeof csvMappingSchema>
