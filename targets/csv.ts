import { Buffer } from 'node:buffer'
import type { ListEntry, Remark } from '../core/target-list.js'
import { CsvRecords, delimiterOf } from '../files/csv-records.js'
import { renderedHeaders, renderedRow } from './csv-render.js'
import { invalid, mendable } from './entry.js'
import { COMMAS } from './list-remedies.js'
import { textOfList } from './list-text.js'
import { BATCH, MAX_TEXT, type Format, type FormatOptions, type WrittenEntry } from './list.js'
import { TableRows } from './table-rows.js'

export const csvFormat: Format = {
  read: (bytes, about) => {
    const { lines, remarks } = textOfList(bytes, about.uri)
    const rows = new TableRows(about, { guarded: true, strict: true })
    return {
      entries: entriesOf(lines, rows, about),
      remarks: (): readonly Remark[] => [...remarks(), ...rows.remarks],
    }
  },
  write: (entries, about) => rendered(entries, about),
}

async function* entriesOf(
  blocks: AsyncIterable<string>,
  rows: TableRows,
  { uri }: FormatOptions,
): AsyncGenerator<readonly ListEntry[]> {
  let delimiter: string | undefined
  let line = 1
  let batch: ListEntry[] = []
  for await (const text of wholeRecords(blocks)) {
    const blank = /^[\r\n]*/u.exec(text)?.[0].length ?? 0
    if (delimiter === undefined && blank < text.length)
      delimiter = listDelimiter(text.slice(blank), line, uri)
    const records = new CsvRecords({
      columns: true,
      text,
      delimiter: delimiter ?? ',',
      line,
      maxRecord: MAX_TEXT,
      fault: ({ place, message }) => invalid(uri, place, message),
    })
    for (let row = records.next(); row !== undefined; row = records.next()) {
      const entry = rows.entry(row)
      if (entry === undefined) continue
      batch.push(entry)
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
    line = records.line
  }
  if (!rows.started) {
    throw invalid(uri, { line: 1, column: 1 }, 'is empty; a list without entries has a line of headers')
  }
  if (batch.length > 0) yield batch
}

/** @throws SyncError LIST_INVALID where it looks like a semicolon, as some spreadsheets write */
function listDelimiter(text: string, line: number, uri: string): string {
  const delimiter = delimiterOf(text)
  if (delimiter !== ';') return delimiter
  throw mendable(uri, { line, column: 1 }, 'seems to be separated by semicolons', COMMAS)
}

/** Texts that end where a record ends: quotes come in pairs in front of it. */
async function* wholeRecords(blocks: AsyncIterable<string>): AsyncGenerator<string> {
  let held: string[] = []
  let [open, size] = [false, 0]
  for await (const block of blocks) {
    for (let at = block.indexOf('"'); at >= 0; at = block.indexOf('"', at + 1)) open = !open
    held.push(block)
    size += block.length
    if (open && size <= 4 * MAX_TEXT) continue
    yield held.join('')
    held = []
    size = 0
  }
  if (held.length > 0) yield held.join('')
}

async function* rendered(
  entries: AsyncIterable<readonly WrittenEntry[]>,
  about: FormatOptions,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(renderedHeaders(about.columns))
  for await (const batch of entries)
    yield Buffer.from(batch.map((entry) => renderedRow(entry, about)).join(''))
}
