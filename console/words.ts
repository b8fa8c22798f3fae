import { formatSpan, formatSpanJa } from '../core/span.js'
import { timezoneOf } from '../core/schedule-times.js'
import type { Master } from '../core/master.js'
import { html, type Markup } from './html.js'
import type { Visit } from './visit.js'

/** A number as people read it: 12,345. */
export function count(number: number): string {
  return number.toLocaleString('en-US')
}

/** A span of time: 3 日, 3 days. */
export function span({ say }: Visit, seconds: number): string {
  return say(formatSpanJa(seconds), formatSpan(seconds))
}

/** A time by the master's clock: 2026-11-23 12:00 */
export function time(master: Master, iso: string): Markup {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone: timezoneOf(master), ...PARTS }).format(
    new Date(iso),
  )
  return html`<time datetime="${iso}">${text}</time>`
}

const TWO = '2-digit'
const PARTS = { year: 'numeric', month: TWO, day: TWO, hour: TWO, minute: TWO } as const
