import { SyncError } from '../core/errors.js'
import type { Sign } from './feed.js'

/** What a spreadsheet makes of a long number, or of digits around an E; of digits with a hyphen or a slash. */
const NUMBER = /^\d(?:\.\d+)?E\+\d+$/iu
const DATE =
  /^(?:\d{4}[/-]\d{1,2}[/-]\d{1,2}|\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?|\d{1,2}月\d{1,2}日|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d{2})$/u

export function spreadsheetSign(id: string): 'number' | 'date' | undefined {
  if (NUMBER.test(id)) return 'number'
  return DATE.test(id) ? 'date' : undefined
}

/** Lost zeros count as a sign only where more than this share of the ids that had some lost them. */
const SHARE = 0.1

interface Seen {
  count: number
  line: number
  example: string
}

/** Counts, in one file, what a spreadsheet leaves behind. */
export class Damage {
  readonly #seen = new Map<Sign, Seen>()

  /** A record counts once. */
  see(sign: Sign, line: number, value: string): void {
    const seen = this.#seen.get(sign)
    if (seen === undefined) this.#seen.set(sign, { count: 1, line, example: `line ${line}: ${value}` })
    else if (seen.line !== line) {
      seen.count++
      seen.line = line
    }
  }

  /** @throws SyncError IMPORT_DAMAGED */
  check(file: string, repair: boolean): void {
    const told: string[] = []
    const tell = (sign: Sign, what: string): void => {
      const seen = this.#seen.get(sign)
      if (seen !== undefined) told.push(`${seen.count} ${what} (${seen.example})`)
    }
    const [lost, whole] = [this.#seen.get('zero')?.count ?? 0, this.#seen.get('whole')?.count ?? 0]
    if (!repair && lost > 0 && lost >= SHARE * (lost + whole))
      tell('zero', 'rows have lost the zero that their codes begin with')
    tell('number', 'ids became numbers such as 1.23E+12')
    tell('date', 'ids became dates')
    if (told.length === 0) return
    throw new SyncError('IMPORT_DAMAGED', `${file} was saved by a spreadsheet: ${told.join('; ')}`)
  }
}
