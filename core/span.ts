const UNITS = [
  ['day', 86_400, '日'],
  ['h', 3_600, '時間'],
  ['min', 60, '分'],
] as const

/** A span of time for people, to the unit that matters: 45 s, 12 min, 5 h, 3 days. */
export function formatSpan(seconds: number): string {
  const { count, unit } = spanOf(seconds)
  if (unit === undefined) return `${count} s`
  const [name] = unit
  return `${count} ${name}${name === 'day' && count > 1 ? 's' : ''}`
}

/** The same in Japanese: 45 秒, 12 分, 5 時間, 3 日. */
export function formatSpanJa(seconds: number): string {
  const { count, unit } = spanOf(seconds)
  return `${count} ${unit?.[2] ?? '秒'}`
}

function spanOf(seconds: number): { readonly count: number; readonly unit?: (typeof UNITS)[number] } {
  const whole = Math.round(seconds)
  for (const unit of UNITS) {
    const [name, length] = unit
    const count = Math.floor(whole / length)
    if (count >= 2 || (count === 1 && name !== 'min')) return { count, unit }
  }
  return { count: whole }
}
