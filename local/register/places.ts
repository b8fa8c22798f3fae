import type { City, Prefecture } from './prefectures.js'
import type { Random } from './random.js'
import { towns } from './words.js'

/** Where an institution is; a move replaces all four. Degrees with six decimals, or null for both when unknown. */
export interface Place {
  readonly postal_code: string
  readonly address: string
  readonly latitude: string | null
  readonly longitude: string | null
}

const wide = (text: string) =>
  text.replace(/[0-9]/g, (digit) => String.fromCodePoint(digit.charCodeAt(0) + 0xfee0))

/** A made-up address in a real city, written as in the ministry's files: full-width digits, hyphens of any kind. */
export function inventPlace(random: Random, prefecture: Prefecture, city: City): Place {
  const [block, lot, house] = [1 + random.below(9), 1 + random.below(40), 1 + random.below(30)]
  const number = random.chance(0.6)
    ? `${block}丁目${lot}番${house}号`
    : [block, lot, house].join(random.pick(['－', 'ー', '‐']))
  const building = random.chance(0.15) ? `\u3000メディカルビル${1 + random.below(6)}階` : ''
  const isKnown = !random.chance(0.08)
  // Within some twenty kilometres of the capital.
  const degrees = (centre: number) => (Math.round(centre * 1e6) + random.below(360_000) - 180_000) / 1e6
  return {
    postal_code: `${prefecture.postalPrefix}-${random.digits(4)}`,
    address: prefecture.name + city.name + random.pick(towns).text + wide(number + building),
    latitude: isKnown ? degrees(prefecture.latitude).toFixed(6) : null,
    longitude: isKnown ? degrees(prefecture.longitude).toFixed(6) : null,
  }
}

/** A telephone number that nobody has: no exchange consists of zeros. */
export function inventPhone(random: Random, { areaCode }: Prefecture): string {
  return `${areaCode}-${'0'.repeat(6 - areaCode.length)}-${random.digits(4)}`
}
