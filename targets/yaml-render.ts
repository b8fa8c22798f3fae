import { checkWritable } from './entry.js'
import type { FormatOptions, WrittenEntry } from './list.js'
import { NOTE } from './yaml-fields.js'

/** Digits that every reader of YAML takes for the same number: no leading zero, which would make it octal, and not too many. */
export const DIGITS = /^[1-9]\d{0,14}$/u

/** Names that no reader of YAML takes for anything else. */
const NAME = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[a-z_]\w*$/iu

/** What may stand in a text, but not as it is. */
const CONTROLS = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/gu

/** Ends of lines for some readers, and marks. */
const DOUBTFUL = /[\x85\u2028\u2029\ufeff]/gu

/** A text in double quotes, the same for every reader of YAML. */
export function quoted(text: string): string {
  return escapedControls(JSON.stringify(text)).replaceAll(DOUBTFUL, escaped)
}

export function escapedControls(text: string): string {
  return text.replaceAll(CONTROLS, escaped)
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** @throws SyncError LIST_INVALID */
export function rendered(entry: WrittenEntry, about: FormatOptions, dash: number, end: string): string {
  checkWritable(about.uri, entry)
  const ids = about.columns.map((name, index) => {
    const id = entry.key[index] ?? ''
    return `${keyName(name)}: ${DIGITS.test(id) ? id : quoted(id)}`
  })
  const fields = entry.note === null ? ids : [...ids, `${NOTE}: ${quoted(entry.note)}`]
  const indent = ' '.repeat(dash)
  return fields.map((field, index) => `${indent}${index === 0 ? '- ' : '  '}${field}${end}`).join('')
}

function keyName(name: string): string {
  return NAME.test(name) ? name : quoted(name)
}
