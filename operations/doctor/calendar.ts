import type { ScheduleDescription } from '@temporalio/client'

type Calendar = NonNullable<ScheduleDescription['spec']['calendars']>[number]

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const
const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const

/** The times of a calendar in the form of `cronValues`, which is what Temporal makes of a cron line. */
export function calendarValues(calendar: Calendar): readonly (readonly number[])[] {
  const { minute, hour, dayOfMonth, month, dayOfWeek } = calendar
  const numbered = <T extends string>(ranges: readonly Range<T>[], names: readonly T[], first: number) =>
    ranges.map(({ start, end, step }) => ({
      start: names.indexOf(start) + first,
      end: names.indexOf(end) + first,
      step,
    }))
  return [minute, hour, dayOfMonth, numbered(month, MONTHS, 1), numbered(dayOfWeek, DAYS, 0)].map(valuesOf)
}

interface Range<T> {
  readonly start: T
  readonly end: T
  readonly step: number
}

function valuesOf(ranges: readonly Range<number>[]): readonly number[] {
  const values = ranges.flatMap(({ start, end, step }) =>
    Array.from({ length: Math.floor((end - start) / step) + 1 }, (_, index) => start + index * step),
  )
  return [...new Set(values)].sort((a, b) => a - b)
}
