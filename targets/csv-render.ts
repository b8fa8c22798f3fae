import { checkWritable } from './entry.js'
import type { FormatOptions, WrittenEntry } from './list.js'
import { GUARD } from './table-rows.js'

/** Marks the encoding for spreadsheets, which take a file without it for the system's own. */
const BOM = '\ufeff'

/**
 * Texts that no spreadsheet takes for anything else: they begin with a letter and have no digit.
 * What is a number, a date or a formula differs with the spreadsheet and its language (`1-2`, `R6.4.1`, `１２３`, `４月`).
 */
const SURE = /^(?!(?:true|false)\s*$)\p{L}[^\p{N}]*$/iu

/** @see docs/decisions/0015-a-csv-that-spreadsheets-leave-alone.md */
function guarded(text: string): string {
  return text === '' || SURE.test(text.normalize('NFKC')) ? text : `${GUARD}${text}`
}

function cell(text: string): string {
  return /[",;\t\r\n]|^\s|\s$/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The first line: the apostrophe before each header says that those before values are not part of them. */
export function renderedHeaders(columns: readonly string[]): string {
  return `${BOM}${[...columns, 'note'].map((name) => cell(`${GUARD}${name}`)).join(',')}\r\n`
}

/** @throws SyncError LIST_INVALID */
export function renderedRow(entry: WrittenEntry, about: FormatOptions): string {
  checkWritable(about.uri, entry)
  return `${[...entry.key, entry.note ?? ''].map((text) => cell(guarded(text))).join(',')}\r\n`
}
