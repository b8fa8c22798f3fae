import { z } from 'zod'
import { cronProblem } from './cron.js'

export const cronSchema = z
  .string()
  .superRefine((text, context) => {
    const problem = cronProblem(text)
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem })
  })
  .describe('minute hour day month weekday')

export const timezoneSchema = z
  .string()
  .refine(isTimeZone, 'must be an IANA time zone such as Asia/Tokyo')
  .default('Asia/Tokyo')
  .describe('the IANA time zone of these times')

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
