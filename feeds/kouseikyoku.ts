import { hasCheckDigit } from '../core/check-digit.js'
import { spreadsheetSign } from './damage.js'
import type { Feed, Field, Fields, Notes } from './feed.js'
import { completed, known, whole, type Category, type Code } from './kouseikyoku-codes.js'
import { name, sameNames, text } from './readers.js'

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
  read: (value) => /^〒?(\d{3}-\d{4}|\d{4,7})$/u.exec(value.normalize('NFKC'))?.[1]?.replace('-', ''),
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
    complete: (fields, notes) => completed(codeOfList(fields, notes), category, fields, notes),
    known: (fields, notes) => known(codeOfList(fields, notes), category),
  }
}

function codeOfList(fields: Fields, notes: Notes): Code | null {
  const [long, short] = [fields.get('long') ?? '', fields.get('short') ?? '']
  const code = whole(long, 9, 'long', notes)
  if (code === null) return null
  const number = whole(short, 7, 'short', notes)
  if (number === null) return null
  // The two columns tell the same digits: where they agree, nothing was guessed.
  if (code.slice(2) !== number)
    return notes.reject(code === long && number === short ? 'ID_FORM' : 'ID_UNCERTAIN', 'long')
  if (code !== long || number !== short) notes.warn('ZERO_RESTORED', code === long ? 'short' : 'long')
  return { prefecture: code.slice(0, 2), number, field: 'long' }
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
    // Whoever has filed nothing is not in it.
    covers: false,
    passes:
      /^(?:項番|都道府県名|受理.*|併設医療機関番号|医療機関記号番号|fax番号|病床数|算定.*|個別.*|備考.*|開設者(?:氏名)?|管理者(?:氏名)?)$/u,
    complete: (fields, notes) => completed(codeOfFiling(fields, category, notes), category, fields, notes),
    known: (fields, notes) => known(codeOfFiling(fields, category, notes), category),
  }
}

function codeOfFiling(fields: Fields, { digit }: Category, notes: Notes): Code | null {
  const written = (fields.get('number') ?? '').normalize('NFKC')
  const short = written.replaceAll(/[\s,.-]/gu, '')
  const prefecture = whole(fields.get('prefecture') ?? '', 2, 'prefecture', notes)
  if (prefecture === null) return null
  const number = whole(spreadsheetSign(written) === 'number' ? written : short, 7, 'number', notes)
  if (number === null) return null
  if (prefecture !== fields.get('prefecture') || number !== short) {
    if (!hasCheckDigit(`${prefecture}${digit}${number}`)) return notes.reject('ID_UNCERTAIN', 'number')
    notes.warn('ZERO_RESTORED', number === short ? 'prefecture' : 'number')
  }
  return { prefecture, number, field: 'number' }
}
