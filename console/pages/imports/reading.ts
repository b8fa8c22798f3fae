import { z } from 'zod'
import type { ReadingOptions } from '../../../core/import-reading.js'
import { FEED_NAMES } from '../../../operations/import.js'

const fieldsSchema = z.object({
  feed: z
    .string()
    .refine((name) => FEED_NAMES.includes(name))
    .optional()
    .catch(undefined),
  as_of: z.iso.date().optional().catch(undefined),
})

/** What a form says of how files are to be read. */
export function readingOf(fields: ReadonlyMap<string, string>): ReadingOptions {
  const { feed, as_of: asOf } = fieldsSchema.parse(Object.fromEntries(fields))
  const ticked = (name: string): boolean => fields.get(name) === 'on'
  return {
    ...(feed === undefined ? {} : { feed }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(ticked('repair') ? { repair: true } : {}),
    ...(ticked('force') ? { forced: true } : {}),
    ...(ticked('other_ids') ? { otherIds: true } : {}),
  }
}
