import type { InstitutionType } from './names.js'
import type { Random } from './random.js'

/** 1: open, 0: closed, null: not reported. The ministry's columns are called 休診 and yet read this way round. */
type OpenFlag = 0 | 1 | null

/** When an institution is open; a change replaces all of it. */
export interface Opening {
  readonly open_monday: OpenFlag
  readonly open_tuesday: OpenFlag
  readonly open_wednesday: OpenFlag
  readonly open_thursday: OpenFlag
  readonly open_friday: OpenFlag
  readonly open_saturday: OpenFlag
  readonly open_sunday: OpenFlag
  readonly open_holidays: OpenFlag
  /** Bands of a day, `{"mon": [["09:00","12:00"],["14:00","18:00"]], …}`; closed days are left out. */
  readonly opening_hours: OpeningHours | null
}

type Band = readonly [from: string, until: string]
type OpeningHours = Readonly<Record<string, readonly Band[]>>

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const mornings: readonly Band[] = [
  ['08:30', '12:00'],
  ['09:00', '12:00'],
  ['09:00', '12:30'],
  ['09:30', '13:00'],
]
const afternoons: readonly Band[] = [
  ['13:30', '17:00'],
  ['14:00', '18:00'],
  ['15:00', '18:30'],
  ['16:00', '19:30'],
]

/** Hospitals are open every weekday, the others close on Thursday or Wednesday too; Saturday is half a day. */
export function inventOpening(random: Random, type: InstitutionType): Opening {
  if (random.chance(0.06)) return unknown
  const free = type === 1 ? undefined : random.pick(['thu', 'wed', 'sun'] as const)
  const isOpenOnSunday = random.chance(0.05)
  const morning = random.pick(mornings)
  const afternoon = random.pick(afternoons)
  const flag = (name: (typeof days)[number]): 0 | 1 =>
    name === 'sun' ? (isOpenOnSunday ? 1 : 0) : name === free ? 0 : 1
  const hours = days
    .filter((name) => flag(name) === 1)
    .map((name) => [name, name === 'sat' ? [morning] : [morning, afternoon]])
  return {
    open_monday: flag('mon'),
    open_tuesday: flag('tue'),
    open_wednesday: flag('wed'),
    open_thursday: flag('thu'),
    open_friday: flag('fri'),
    open_saturday: flag('sat'),
    open_sunday: flag('sun'),
    open_holidays: random.chance(0.8) ? 0 : null,
    opening_hours: random.chance(0.85) ? (Object.fromEntries(hours) as OpeningHours) : null,
  }
}

const unknown: Opening = {
  open_monday: null,
  open_tuesday: null,
  open_wednesday: null,
  open_thursday: null,
  open_friday: null,
  open_saturday: null,
  open_sunday: null,
  open_holidays: null,
  opening_hours: null,
}
