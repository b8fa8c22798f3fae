/** Columns as wide as a terminal shows them: Japanese characters take two cells. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, index) =>
    Math.max(...[head, ...rows].map((row) => widthOf(row[index] ?? ''))),
  )
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell + ' '.repeat((widths[index] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd()
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n')
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u

function widthOf(text: string): number {
  let width = 0
  for (const character of text) width += WIDE.test(character) ? 2 : 1
  return width
}

export function thousands(count: number): string {
  return count.toLocaleString('en-US')
}

/** 1,234 B, 12.3 kB, 4.5 MB */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

/** 0.8 s, 42 s, 3 min 5 s */
export function formatSeconds(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

/** A time to the second, as a clock of the time zone shows it, with what that is ahead of UTC: 2026-11-23 12:00:00+09:00 */
export function shortTime(iso: string, timeZone = 'UTC'): string {
  const text = new Intl.DateTimeFormat('sv-SE', { timeZone, timeZoneName: 'longOffset', ...PARTS }).format(
    new Date(iso),
  )
  return text.replace(' GMT', '').replace('\u2212', '-')
}

const TWO = '2-digit'
const PARTS = { year: 'numeric', month: TWO, day: TWO, hour: TWO, minute: TWO, second: TWO } as const

const VALUE_SHOWN = 40
/** Of what two values have in common, as much as shows where in them it is. */
const COMMON_SHOWN = 12

/** A value of a cell, cut where it is longer than a line has room for. */
export function shortValue(text: string | null, from = 0): string {
  if (text === null) return 'null'
  const characters = Array.from(text).slice(from)
  const cut = characters.length > VALUE_SHOWN
  const shown = characters.slice(0, cut ? VALUE_SHOWN - 1 : VALUE_SHOWN).join('')
  return JSON.stringify(`${from > 0 ? '…' : ''}${shown}${cut ? '…' : ''}`)
}

/** Two values of a cell, cut so that it shows where they differ. */
export function shortValues(one: string | null, other: string | null): readonly [string, string] {
  const from = Math.max(0, inCommon(one ?? '', other ?? '') - COMMON_SHOWN)
  const long = Math.max(one?.length ?? 0, other?.length ?? 0) > VALUE_SHOWN
  return [shortValue(one, long ? from : 0), shortValue(other, long ? from : 0)]
}

function inCommon(one: string, other: string): number {
  const others = Array.from(other)
  const at = Array.from(one).findIndex((character, index) => character !== others[index])
  return at === -1 ? others.length : at
}
