import type { z } from 'zod'
import { Refusal } from './refusal.js'

/** What a path, a query or a form says, in the form that it must have. @throws Refusal */
export function readAs<T>(form: z.ZodType<T>, said: unknown): T {
  const { success, data } = form.safeParse(said)
  if (!success) throw new Refusal('missing')
  return data
}
