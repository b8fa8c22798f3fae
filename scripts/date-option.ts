import { InvalidArgumentError } from '@commander-js/extra-typings'

/** A day of the calendar, as `2026-06-01`. */
export function calendarDate(text: string): string {
  const date = new Date(`${text}T00:00:00Z`)
  const exists =
    /^\d{4}-\d\d-\d\d$/u.test(text) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text)
  if (!exists) throw new InvalidArgumentError('It takes a date that there is: 2026-06-01.')
  return text
}
