import { addressSearchForm, searchForm } from './normalise.js'

const MOST_WORDS = 6
const MOST_CHARACTERS = 100

/** What is looked for, word by word: each must be found somewhere. */
export function searchWords(text: string): readonly string[] {
  const words = text.slice(0, MOST_CHARACTERS).replaceAll('\0', '').split(/\s+/u)
  return words.filter((word) => word !== '').slice(0, MOST_WORDS)
}

/** The forms in which a word may stand in a column; in any of them it is found. */
export function formsIn(column: string, word: string): readonly string[] {
  if (column === 'address_search') return distinct([addressSearchForm(word, ''), searchForm(word)])
  // Readings have none: there is nothing to be found, and a third of the time to be saved.
  if (column === 'kana_search' && HAN.test(word)) return []
  if (column.endsWith('_search')) return distinct([searchForm(word)])
  const plain = word.normalize('NFKC').toLowerCase()
  return distinct([plain, shifted(plain, HIRAGANA, KANA_STEP), shifted(plain, KATAKANA, -KANA_STEP)])
}

const HAN = /\p{Script=Han}/u

function distinct(forms: readonly string[]): readonly string[] {
  return [...new Set(forms)].filter((form) => form !== '')
}

const KANA_STEP = 0x60
const HIRAGANA = /[ぁ-ゖ]/gu
const KATAKANA = /[ァ-ヶ]/gu

function shifted(text: string, which: RegExp, by: number): string {
  return text.replaceAll(which, (kana) => String.fromCharCode(kana.charCodeAt(0) + by))
}
