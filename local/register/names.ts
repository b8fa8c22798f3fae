import type { City } from './prefectures.js'
import type { Random } from './random.js'
import { romaji } from './romaji.js'
import {
  type Word,
  clinics,
  dentists,
  departments,
  directions,
  givenNames,
  hospitals,
  legalForms,
  midwives,
  pharmacies,
  pleasantNames,
  societies,
  surnames,
  towns,
} from './words.js'

/** 機関区分: 1 病院, 2 診療所, 3 歯科診療所, 4 助産所, 5 薬局. */
export type InstitutionType = 1 | 2 | 3 | 4 | 5

/** What an institution is called; a rename replaces all five. */
export interface Names {
  readonly name: string
  readonly name_kana: string
  readonly short_name: string | null
  readonly short_name_kana: string | null
  readonly name_romaji: string | null
}

/** Between a legal form and a name, as the ministry's files write it. */
const space = '\u3000'

/** A made-up name that such an institution in that city could bear. */
export function inventNames(random: Random, type: InstitutionType, city: City): Names {
  const parts = [...stem(random, type, city), ...kind(random, type)]
  const short = joined(parts)
  const prefix = corporation(random, type)
  // Some have the wide space twice; whoever searches by name has to know.
  const gap = random.chance(0.02) ? space + space : space
  const shop = type === 5 && random.chance(0.35) ? random.pick(towns) : undefined
  const isShort = prefix.length > 0 || random.chance(0.2)
  return {
    name: [...prefix.map((word) => word.text), short.text + (shop ? `${space}${shop.text}店` : '')].join(gap),
    name_kana: [
      ...prefix.map((word) => word.kana),
      short.kana + (shop ? `${space}${shop.kana}テン` : ''),
    ].join(gap),
    short_name: isShort ? short.text : null,
    short_name_kana: isShort ? short.kana : null,
    name_romaji: random.chance(0.4) ? parts.map((word) => word.english || romaji(word.kana)).join(' ') : null,
  }
}

/** A made-up person. */
export function inventPerson(random: Random): string {
  return `${random.pick(surnames).text}${space}${random.pick(givenNames).text}`
}

const joined = (parts: readonly Word[]) => ({
  text: parts.map((word) => word.text).join(''),
  kana: parts.map((word) => word.kana).join(''),
})

function stem(random: Random, type: InstitutionType, city: City): readonly Word[] {
  const place: Word = { text: city.stem, kana: city.stemKana, english: '' }
  const way = random.below(100)
  if (type === 1)
    return way < 55 ? [place, random.pick(directions)] : [way < 85 ? random.pick(surnames) : place]
  if (way < 55) return [random.pick(surnames)]
  if (way < 80) return [random.pick(pleasantNames)]
  return way < 92 ? [place, random.pick(directions)] : [place, random.pick(pleasantNames)]
}

function kind(random: Random, type: InstitutionType): readonly Word[] {
  if (type === 1) return [random.pick(hospitals)]
  if (type === 2)
    return random.chance(0.85) ? [random.pick(departments), random.pick(clinics)] : [random.pick(clinics)]
  if (type === 3) return [random.pick(dentists)]
  return [random.pick(type === 4 ? midwives : pharmacies)]
}

function corporation(random: Random, type: InstitutionType): readonly Word[] {
  const share = { 1: 0.7, 2: 0.4, 3: 0.25, 4: 0, 5: 0 }[type]
  return random.chance(share) ? [random.pick(legalForms), random.pick(societies)] : []
}
