import { hasCheckDigit } from '../core/check-digit.js'
import { prefectureName } from '../core/prefectures.js'
import { spreadsheetSign } from './damage.js'
import type { Completed, Feed, Field, Notes } from './feed.js'
import { name, sameNames, text } from './readers.js'

/** The lists of 医科, 歯科 and 調剤 have the same form: which one a file is, people say with the feed's name. */
interface Category {
  readonly name: string
  readonly word: string
  readonly english: string
  /** 点数表番号, which the published codes lack. */
  readonly digit: string
  /** 機関区分 of 医療情報ネット, where the list holds one only: 医科 has hospitals and clinics. */
  readonly type: string | null
}

const CATEGORIES: readonly Category[] = [
  { name: 'ika', word: '医科', english: 'medical', digit: '1', type: null },
  { name: 'shika', word: '歯科', english: 'dental', digit: '3', type: '3' },
  { name: 'yakkyoku', word: '薬局', english: 'pharmacies', digit: '4', type: '5' },
]

/** What the code tells. */
const CODED = { medical_id: null, institution_type: null, prefecture_code: null }

const POSTAL: Field = {
  field: 'postal_code',
  headers: ['医療機関所在地（郵便番号）', '郵便番号'],
  read: (value) => /^〒?(\d{3})-?(\d{4})$/u.exec(value.normalize('NFKC'))?.slice(1).join('-'),
}

const PLACE: readonly Field[] = [
  name('name', '名称'),
  { ...POSTAL, headers: ['郵便番号'] },
  text('address', '住所'),
]

const FILED: readonly Field[] = [
  name('name', '医療機関名称'),
  POSTAL,
  text('address', '医療機関所在地（住所）'),
  text('phone', '電話番号'),
  { ...text('founder_name', '開設者氏名', '開設者'), personal: true },
  { ...text('administrator_name', '管理者氏名', '管理者'), personal: true },
]

export const KOUSEIKYOKU: readonly Feed[] = CATEGORIES.flatMap((category) => [
  codeList(category),
  filings(category),
])

/** `010112489,0112489,医療法人 愛全病院,0050813,札幌市南区…`, without headers. */
function codeList(category: Category): Feed {
  return {
    name: `kouseikyoku-${category.name}`,
    title: {
      ja: `地方厚生局 指定一覧 ${category.word}`,
      en: `地方厚生局, list of codes, ${category.english}`,
    },
    publication: 'kouseikyoku',
    recognise: {
      kind: 'shape',
      fits: ({ length, 0: long = '', 1: short = '' }) =>
        length === 5 && /^\d{6,9}$/u.test(long) && /^\d{3,7}$/u.test(short),
    },
    fields: [
      { field: 'long', headers: ['9桁コード'], required: true },
      { field: 'short', headers: ['7桁コード'], required: true },
      ...PLACE,
    ],
    columns: { ...CODED, ...sameNames(PLACE) },
    complete: (fields, notes) => {
      const [long, short] = [fields.get('long') ?? '', fields.get('short') ?? '']
      const code = whole(long, 9, 'long', notes)
      const number = whole(short, 7, 'short', notes)
      if (code === null || number === null) return null
      // The two columns tell the same digits: where they agree, nothing was guessed.
      if (code.slice(2) !== number)
        return notes.reject(code === long && number === short ? 'ID_FORM' : 'ID_UNCERTAIN', 'long')
      if (code !== long || number !== short) notes.warn('ZERO_RESTORED', code === long ? 'short' : 'long')
      return completed(code.slice(0, 2), number, 'long', category, notes)
    },
  }
}

/** 届出受理医療機関名簿: a record for each filing of a facility. */
function filings(category: Category): Feed {
  return {
    name: `kouseikyoku-todokede-${category.name}`,
    title: {
      ja: `地方厚生局 届出受理医療機関名簿 ${category.word}`,
      en: `地方厚生局, register of filings, ${category.english}`,
    },
    publication: 'kouseikyoku',
    recognise: { kind: 'headers', has: ['都道府県コード', '医療機関番号', '医療機関名称', '受理番号'] },
    fields: [
      { field: 'prefecture', headers: ['都道府県コード'], required: true },
      { field: 'number', headers: ['医療機関番号'], required: true },
      ...FILED,
    ],
    columns: { ...CODED, ...sameNames(FILED) },
    folds: true,
    passes:
      /^(?:項番|都道府県名|受理.*|併設医療機関番号|医療機関記号番号|fax番号|病床数|算定.*|個別.*|備考.*|開設者(?:氏名)?|管理者(?:氏名)?)$/u,
    complete: (fields, notes) => {
      const written = (fields.get('number') ?? '').normalize('NFKC')
      const short = written.replaceAll(/[\s,.-]/gu, '')
      const prefecture = whole(fields.get('prefecture') ?? '', 2, 'prefecture', notes)
      const number = whole(spreadsheetSign(written) === 'number' ? written : short, 7, 'number', notes)
      if (prefecture === null || number === null) return null
      if (prefecture !== fields.get('prefecture') || number !== short) {
        if (!hasCheckDigit(`${prefecture}${category.digit}${number}`))
          return notes.reject('ID_UNCERTAIN', 'number')
        notes.warn('ZERO_RESTORED', number === short ? 'prefecture' : 'number')
      }
      return completed(prefecture, number, 'number', category, notes)
    },
  }
}

/** Digits of a code that has so many, with the zeros put back that it lost, where that is wanted. */
function whole(digits: string, length: number, field: string, notes: Notes): string | null {
  const sign = spreadsheetSign(digits)
  if (sign !== undefined) notes.sign(sign, field)
  if (!/^\d+$/u.test(digits) || digits.length > length) return notes.reject('ID_FORM', field)
  const short = digits.length < length
  if (short || digits.startsWith('0')) notes.sign(short ? 'zero' : 'whole', field)
  if (short && !notes.repair) return notes.reject('ID_FORM', field)
  return digits.padStart(length, '0')
}

function completed(
  prefecture: string,
  number: string,
  field: string,
  { digit, type, name: category }: Category,
  notes: Notes,
): Completed | null {
  if (prefectureName(prefecture) === undefined) return notes.reject('PREFECTURE_INVALID', field)
  const id = `${prefecture}${digit}${number}`
  if (!hasCheckDigit(id)) notes.warn('CHECK_DIGIT', field)
  return {
    scope: `${prefecture}-${category}`,
    values: { medical_id: id, prefecture_code: prefecture, institution_type: type },
  }
}
