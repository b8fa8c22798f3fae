const UNITS = { m: 60, h: 3_600, d: 86_400 } as const

const DURATION = /^([1-9]\d{0,5})(m|h|d)$/u

/** A span of time as master files write it (`30m`, `12h`, `7d`), in seconds; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = DURATION.exec(text) ?? []
  return count === undefined || unit === undefined
    ? undefined
    : Number(count) * UNITS[unit as keyof typeof UNITS]
}
