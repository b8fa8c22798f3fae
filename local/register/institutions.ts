import { medicalId } from './medical-ids.js'
import { type InstitutionType, type Names, inventNames, inventPerson } from './names.js'
import { type Place, inventPhone, inventPlace } from './places.js'
import { type Prefecture, prefectures } from './prefectures.js'
import { type Random, randomFrom } from './random.js'
import { type Opening, inventOpening } from './opening.js'

/** One made-up row of the register, its fields named as the table's columns. */
export interface Institution extends Names, Place, Opening {
  readonly medical_id: string
  readonly institution_type: InstitutionType
  readonly prefecture_code: string
  readonly city_code: string
  readonly phone: string | null
  readonly url: string | null
  readonly beds_general: number | null
  readonly beds_total: number | null
  readonly is_emergency: boolean
  readonly remarks: string | null
  /** `2001-04-01` */
  readonly opened_on: string | null
  /** Stays on-prem: the example of a column that is not synced. */
  readonly founder_name: string
}

/**
 * The first `count` institutions of the register. The same on every machine, and a longer register begins with the
 * shorter one. The 47 prefectures weigh by population, 病院 to 薬局 as in the ministry's files.
 */
export function* institutions(count: number): Generator<Institution> {
  const serials = new Map<Prefecture, number>()
  for (let number = 0; number < count; number++) {
    const random = randomFrom(number)
    const prefecture = inventPrefecture(random)
    const serial = (serials.get(prefecture) ?? 0) + 1
    serials.set(prefecture, serial)
    yield invent(random, prefecture, serial)
  }
}

/** Serials from here up belong to institutions that open after the register was made. */
const firstNewcomer = 70_000

/** The `number`-th institution (from 0) that opens later: none that `institutions` yields, all different. */
export function newcomer(number: number): Institution {
  const random = randomFrom(0x4000_0000 + number)
  return invent(random, inventPrefecture(random), firstNewcomer + (number % 30_000))
}

const inhabitants = prefectures.reduce((sum, { population }) => sum + population, 0)

function inventPrefecture(random: Random): Prefecture {
  let rest = random.below(inhabitants)
  for (const prefecture of prefectures) {
    rest -= prefecture.population
    if (rest < 0) return prefecture
  }
  throw new Error('unreachable: the weights sum up to all inhabitants')
}

/** Of a thousand: 37 hospitals, 389 clinics, 265 dentists, 10 midwives, 299 pharmacies. */
function inventType(random: Random): InstitutionType {
  const share = random.below(1000)
  return share < 37 ? 1 : share < 426 ? 2 : share < 691 ? 3 : share < 701 ? 4 : 5
}

function invent(random: Random, prefecture: Prefecture, serial: number): Institution {
  const type = inventType(random)
  const city = random.pick(prefecture.cities)
  const medical_id = medicalId(prefecture.code, type, serial)
  return {
    medical_id,
    institution_type: type,
    prefecture_code: prefecture.code,
    city_code: city.code,
    ...inventNames(random, type, city),
    ...inventPlace(random, prefecture, city),
    phone: random.chance(0.95) ? inventPhone(random, prefecture) : null,
    url: inventUrl(random, medical_id),
    ...inventOpening(random, type),
    ...inventBeds(random, type),
    is_emergency: type === 1 && random.chance(0.4),
    remarks: inventRemarks(random),
    opened_on: random.chance(0.9) ? day(random.below(27_000)) : null,
    founder_name: inventPerson(random),
  }
}

/** The `n`-th day after 1950-06-12. */
function day(n: number): string {
  return new Date(Date.UTC(1950, 5, 12 + n)).toISOString().slice(0, 10)
}

/** Many have none, some forgot the scheme: as in the real files. The domain is one that can never exist. */
export function inventUrl(random: Random, id: string): string | null {
  if (random.chance(0.45)) return null
  const scheme = random.pick(['https://', 'https://', 'https://', 'http://', ''])
  return `${scheme}www.m${id.toLowerCase()}.example/${random.chance(0.3) ? 'index.html' : ''}`
}

/** Hospitals have twenty beds and more, clinics up to nineteen; an empty field is not a zero. */
export function inventBeds(
  random: Random,
  type: InstitutionType,
): Pick<Institution, 'beds_general' | 'beds_total'> {
  if (type > 2) return { beds_general: null, beds_total: null }
  if (type === 2 && random.chance(0.93)) return { beds_general: random.chance(0.5) ? 0 : null, beds_total: 0 }
  const beds_general = type === 1 ? 20 + random.below(380) : 1 + random.below(19)
  return {
    beds_general,
    beds_total: beds_general + (type === 1 && random.chance(0.4) ? random.below(200) : 0),
  }
}

const remarks = [
  '予約制',
  '駐車場あり（１０台）',
  '往診可',
  '初診は受付終了の３０分前まで（改行）再診は予約優先',
  '車椅子対応（改行）院内に段差はありません（改行）エレベーターあり',
  '院内処方',
  '英語対応可 / English spoken',
  '発熱のある方は事前にお電話ください。',
  '休診日は変更になることがあります（改行）詳しくは "お知らせ" をご覧ください',
]

export function inventRemarks(random: Random): string | null {
  return random.chance(0.25) ? random.pick(remarks) : null
}
