/** A source of made-up facts: the same seed gives the same sequence on every machine. */
export interface Random {
  /** An integer from 0 up to, not including, `limit`. */
  below(limit: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  /** `length` decimal digits. */
  digits(length: number): string
}

/** mulberry32: integer arithmetic only, so that nothing depends on the platform's floating-point functions. */
export function randomFrom(seed: number): Random {
  let state = Math.imul(seed ^ 0x5f35_6495, 0x9e37_79b1)
  const next = (): number => {
    state = (state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const choice = choices[below(choices.length)]
      if (choice === undefined) throw new Error('nothing to pick from')
      return choice
    },
    digits: (length) => String(below(10 ** length)).padStart(length, '0'),
  }
}
