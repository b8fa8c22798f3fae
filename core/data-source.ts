import { z } from 'zod'
import { PUBLICATIONS } from './publications.js'

export const dataSourceSchema = z.strictObject({
  publication: z.string().describe('iryojohonet, kouseikyoku, or csv'),
  title: z.string().describe('under which it is published'),
  from: z.string().describe('the date of its oldest part, 2026-06-01'),
  to: z.string().describe('the date of its newest part'),
  attribution: z
    .string()
    .nullable()
    .describe(
      'what must stand wherever the data is shown (PDL1.0); null: nobody demands it. Applications read it, with the date of each part, in the cloud: select publication, scope, as_of, attribution from master_sync.publications where master = …',
    ),
})
/** Where the rows of a master were published, and as of when. */
export type DataSource = Readonly<z.output<typeof dataSourceSchema>>

/** One a publication, of the dates of its parts. */
export function dataSources(
  dates: readonly { readonly publication: string; readonly as_of: string }[],
): DataSource[] {
  return [...new Set(dates.map(({ publication }) => publication))].sort().map((publication) => {
    const days = dates.flatMap((date) => (date.publication === publication ? [date.as_of] : [])).sort()
    return {
      publication,
      title: PUBLICATIONS[publication]?.title.ja ?? publication,
      from: days[0] ?? '',
      to: days.at(-1) ?? '',
      attribution: attributionOf(publication),
    }
  })
}

/** What is to be shown beside the data, in the language of the register. */
export function attributionOf(publication: string): string | null {
  return PUBLICATIONS[publication]?.attribution?.ja ?? null
}
