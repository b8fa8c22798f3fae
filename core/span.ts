const UNITS = [
  ['day', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const

/** A span of time for people, to the unit that matters: 45 s, 12 min, 5 h, 3 days. */
export function formatSpan(seconds: number): string {
  const whole = Math.round(seconds)
  for (const [name, length] of UNITS) {
    const count = Math.floor(whole / length)
    if (count >= 2 || (count === 1 && name !== 'min'))
      return `${count} ${name}${name === 'day' && count > 1 ? 's' : ''}`
  }
  return `${whole} s`
}
