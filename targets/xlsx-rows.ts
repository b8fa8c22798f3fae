import { cellName } from '../core/target-list.js'
import type { Fault, Row } from './table-rows.js'
import { StringText, unescaped, type Workbook } from './xlsx-book.js'
import { scanXml, XmlFault } from './xml.js'

/** Columns behind these are not looked at. */
const MAX_COLUMN = 256

/** Calls for every row of the sheet that has cells, from the top. @throws XmlFault, and what `found` throws */
export function scanRows({ sheet, strings, formats }: Workbook, found: (row: Row) => void): void {
  let [line, column] = [0, 0]
  let texts: string[] = []
  let faults = new Map<number, Fault>()
  let [type, style] = ['n', 0]
  let [within, formula, value] = [false, false, '']
  const inline = new StringText()

  const cell = (): void => {
    const index = column - 1
    if (index >= MAX_COLUMN) return
    const { text, fault } = understood()
    if (fault !== undefined)
      faults.set(index, { ...fault, message: `(${cellName({ line, column })}) ${fault.message}` })
    while (texts.length < index) texts.push('')
    texts[index] = text
  }
  const understood = (): { readonly text: string; readonly fault?: Fault } => {
    if (formula)
      return { text: value, fault: { message: 'is a formula; paste its value as text', note: false } }
    if (type === 'inlineStr') return { text: inline.take() }
    if (value === '') return { text: '' }
    if (type === 's') {
      const text = /^\d+$/u.test(value) ? strings[Number(value)] : undefined
      if (text === undefined) throw new XmlFault(`${cellName({ line, column })} has a text that is not there`)
      return { text }
    }
    if (type === 'str') return { text: unescaped(value) }
    const whole = type === 'n' && /^-?\d{1,15}$/u.test(value) && (formats[style] ?? 0) === 0
    return { text: value, fault: { message: KINDS.get(type) ?? 'is no text', note: whole } }
  }

  scanXml(sheet, {
    open: (name, attribute) => {
      if (name === 'row') {
        line = numberOf(attribute('r')) ?? line + 1
        column = 0
      } else if (name === 'c') {
        column = columnOf(attribute('r')) ?? column + 1
        type = attribute('t') ?? 'n'
        style = numberOf(attribute('s')) ?? 0
        formula = false
        value = ''
      } else if (name === 'v') within = true
      else if (name === 'f') formula = true
      inline.open(name)
    },
    text: (text) => {
      if (within) value += text
      inline.text(text)
    },
    close: (name) => {
      inline.close(name)
      if (name === 'v') within = false
      else if (name === 'c') cell()
      else if (name === 'row') {
        if (texts.length > 0) found({ line, texts, columns: texts.map((_, index) => index + 1), faults })
        texts = []
        faults = new Map()
      }
    },
  })
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ['n', 'is a number or a date, not a text: its zeros may be gone'],
  ['d', 'is a date, not a text'],
  ['b', 'is TRUE or FALSE, not a text'],
  ['e', 'is an error'],
])

function numberOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/u.test(text)) throw new XmlFault(`${text} is no number of a row or a style`)
  return Number(text)
}

function columnOf(reference: string | undefined): number | undefined {
  if (reference === undefined) return undefined
  const letters = /^([A-Z]{1,3})\d+$/u.exec(reference)?.[1]
  if (letters === undefined) throw new XmlFault(`${reference} is no cell`)
  let column = 0
  for (let at = 0; at < letters.length; at++) column = column * 26 + letters.charCodeAt(at) - 64
  return column
}
