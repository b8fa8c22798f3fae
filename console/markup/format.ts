import type { Master } from '../../core/master.js'
import type { Say } from '../request/language.js'
import type { Visit } from '../request/visit.js'
import { formatSpan, formatSpanJa } from '../../core/span.js'
import { html, type Markup } from './html.js'
import { timezoneOf } from '../../core/schedule-times.js'

/** 1,234 B, 12.3 kB, 4.5 MB */
export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** 0.8 s, 42 s, 3 min 5 s */
export function secondsText(say: Say, seconds: number): string {
  if (seconds < 10) return say(`${seconds.toFixed(1)} 秒`, `${seconds.toFixed(1)} s`)
  const whole = Math.round(seconds)
  if (whole < 120) return say(`${whole} 秒`, `${whole} s`)
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60]
  return say(`${minutes} 分 ${rest} 秒`, `${minutes} min ${rest} s`)
}

const VALUE_SHOWN = 120

/** A value of a cell, cut where it is too long for a table. */
export function valueText(say: Say, value: string | null): Markup {
  if (value === null) return html`<span class="soft">${say('（値なし）', '(no value)')}</span>`
  if (value === '') return html`<span class="soft">${say('（空）', '(empty)')}</span>`
  const characters = Array.from(value)
  return html`${characters.length > VALUE_SHOWN ? `${characters.slice(0, VALUE_SHOWN - 1).join('')}…` : value}`
}

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
