import { SyncError } from '../core/errors.js'
import type { ListEntry, Remark } from '../core/target-list.js'
import { invalid } from './entry.js'
import { BATCH, type Format, type FormatOptions, type WrittenEntry } from './list.js'
import { TableRows } from './table-rows.js'
import { readWorkbook, type Workbook } from './xlsx-book.js'
import { renderedWorkbook } from './xlsx-render.js'
import { scanRows } from './xlsx-rows.js'
import { XmlFault } from './xml.js'
import { Zip } from './zip.js'

/** A workbook is held in memory: one of a million rows has some 30 MB. */
const MAX_FILE = 50_000_000

export const xlsxFormat: Format = {
  read: (bytes, about) => {
    const rows = new TableRows(about, { guarded: false, strict: false })
    const sheets: Remark[] = []
    return {
      entries: entriesOf(bytes, rows, sheets, about),
      remarks: (): readonly Remark[] => [...sheets, ...rows.remarks],
    }
  },
  write: (entries, about) => rendered(entries, about),
}

async function* rendered(
  entries: AsyncIterable<readonly WrittenEntry[]>,
  about: FormatOptions,
): AsyncGenerator<Uint8Array> {
  yield await renderedWorkbook(entries, about)
}

async function* entriesOf(
  bytes: AsyncIterable<Uint8Array>,
  rows: TableRows,
  remarks: Remark[],
  { uri }: FormatOptions,
): AsyncGenerator<readonly ListEntry[]> {
  const entries: ListEntry[] = []
  try {
    const workbook = await readWorkbook(new Zip(await whole(bytes, uri), uri))
    remarkOthers(workbook, remarks)
    scanRows(workbook, (row) => {
      const entry = rows.entry(row)
      if (entry !== undefined) entries.push(entry)
    })
  } catch (error) {
    // Texts of absurd structure make regular expressions give up.
    if (!(error instanceof XmlFault || error instanceof RangeError)) throw error
    throw invalid(uri, { line: 1, column: 1 }, `is no workbook that can be read: ${error.message}`, error)
  }
  if (!rows.started) {
    throw invalid(uri, { line: 1, column: 1 }, 'is empty; a list without entries has a line of headers')
  }
  for (let at = 0; at < entries.length; at += BATCH) yield entries.slice(at, at + BATCH)
}

async function whole(bytes: AsyncIterable<Uint8Array>, uri: string): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    size += chunk.length
    if (size > MAX_FILE) throw new SyncError('LIST_UNREADABLE', `${uri} has more than ${MAX_FILE} bytes`)
  }
  return Buffer.concat(chunks)
}

function remarkOthers({ name, others }: Workbook, remarks: Remark[]): void {
  if (others.length === 0) return
  remarks.push({
    kind: 'sheets',
    text: `only the first sheet was read: ${name} / 最初のシートだけを読みました: ${name}`,
  })
}
