interface Field {
  readonly name: string
  readonly min: number
  readonly max: number
  /** Words for the values from `min` on. */
  readonly words: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day', min: 1, max: 31, words: [] },
  { name: 'month', min: 1, max: 12, words: MONTHS },
  { name: 'weekday', min: 0, max: 7, words: WEEKDAYS },
]

const ITEM = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/u

/**
 * What keeps a text from being a cron line of five fields: minute hour day month weekday.
 * @returns undefined where nothing does
 */
export function cronProblem(text: string): string | undefined {
  const parts = text.trim().split(/\s+/u)
  if (parts.length !== FIELDS.length) return 'must have five fields: minute hour day month weekday'
  for (const [index, field] of FIELDS.entries()) {
    const wrong = (parts[index] ?? '').split(',').find((item) => !isItem(item, field))
    if (wrong !== undefined)
      return `the ${field.name} ${JSON.stringify(wrong)} is not *, a value from ${field.min} to ${field.max}, a range a-b, or one of these with a step /n`
  }
  return undefined
}

/**
 * The values that each field of a valid cron line takes, in order; Sunday is 0.
 * @throws Error where the line is none
 */
export function cronValues(text: string): readonly (readonly number[])[] {
  return text
    .trim()
    .split(/\s+/u)
    .map((part, index) => {
      const field = FIELDS[index]
      if (field === undefined) throw new Error(`${text} has too many fields`)
      const values = part.split(',').flatMap((item) => itemValues(item, field))
      const days = field.name === 'weekday' ? values.map((day) => day % 7) : values
      return [...new Set(days)].sort((a, b) => a - b)
    })
}

function itemValues(item: string, field: Field): readonly number[] {
  const [, from, to, step] = ITEM.exec(item) ?? []
  const first = from === undefined ? field.min : (valueOf(from, field) ?? NaN)
  // `5/10` goes on to the end, as Temporal reads it.
  const open = from === undefined || (to === undefined && step !== undefined)
  const last = open ? field.max : to === undefined ? first : (valueOf(to, field) ?? NaN)
  const by = Number(step ?? 1)
  const count = Math.floor((last - first) / by) + 1
  if (!(count > 0)) throw new Error(`${item} is no ${field.name}`)
  return Array.from({ length: count }, (_, index) => first + index * by)
}

function isItem(item: string, field: Field): boolean {
  const match = ITEM.exec(item)
  if (match === null) return false
  const [, from, to, step] = match
  if (step !== undefined && Number(step) < 1) return false
  const first = from === undefined ? field.min : valueOf(from, field)
  const last = to === undefined ? first : valueOf(to, field)
  return first !== undefined && last !== undefined && first <= last
}

function valueOf(text: string, { min, max, words }: Field): number | undefined {
  const word = words.indexOf(text.toLowerCase())
  const value = word >= 0 ? word + min : /^\d{1,2}$/u.test(text) ? Number(text) : NaN
  return value >= min && value <= max ? value : undefined
}
