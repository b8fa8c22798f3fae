import type { Field, Fields } from './feed.js'

/** Days of the week, as headers call them, as columns do, and as the keys of `opening_hours`. */
export const WEEKDAYS = [
  { word: '月', english: 'monday', key: 'mon' },
  { word: '火', english: 'tuesday', key: 'tue' },
  { word: '水', english: 'wednesday', key: 'wed' },
  { word: '木', english: 'thursday', key: 'thu' },
  { word: '金', english: 'friday', key: 'fri' },
  { word: '土', english: 'saturday', key: 'sat' },
  { word: '日', english: 'sunday', key: 'sun' },
] as const

const DAYS = [...WEEKDAYS.map(({ word, key }) => ({ word, key })), { word: '祝', key: 'hol' }] as const

/**
 * The flags of the 1st to the 5th week of a month as one text, from Monday each: `1111100 1111100 …`; `-` where nothing was
 * reported, null where nothing was for any day.
 */
export function openWeeks(fields: Fields): string | null {
  let weeks = ''
  let reported = false
  for (const field of WEEK_FIELDS) {
    const flag = field === null ? ' ' : fields.get(field)
    reported ||= field !== null && flag !== null
    weeks += flag ?? '-'
  }
  return reported ? weeks : null
}

/** Null stands between weeks. */
const WEEK_FIELDS: readonly (string | null)[] = [1, 2, 3, 4, 5]
  .flatMap((week) => [null, ...WEEKDAYS.map(({ english }) => `week_${week}_${english}`)])
  .slice(1)

/** Hours in pairs of columns, as JSON: `{"mon":[["09:00","12:00"],["14:00","18:00"]]}`. */
export function openingHours(
  word: string,
  bands: number,
): { readonly fields: readonly Field[]; readonly read: (fields: Fields) => string | null } {
  const pairs = DAYS.flatMap((day) =>
    Array.from({ length: bands }, (_, band) => ({
      key: day.key,
      from: `${day.key}_${band + 1}_from`,
      until: `${day.key}_${band + 1}_until`,
      header: `${day.word}_${word}${band + 1}`,
    })),
  )
  const time = (field: string, header: string): Field => ({
    field,
    headers: [header],
    read: (value) => (/^\d{1,2}:\d{2}$/u.test(value) ? value.padStart(5, '0') : undefined),
  })
  return {
    fields: pairs.flatMap(({ from, until, header }) => [
      time(from, `${header}_開始時間`),
      time(until, `${header}_終了時間`),
    ]),
    read: (fields) => {
      const hours: Record<string, (readonly [string, string])[]> = {}
      for (const { key, from, until } of pairs) {
        const [start, end] = [fields.get(from), fields.get(until)]
        if (start !== null && end !== null) (hours[key] ??= []).push([start, end])
      }
      return Object.keys(hours).length === 0 ? null : JSON.stringify(hours)
    },
  }
}
