import type { ListEntry } from '../core/target-list.js'
import { invalid } from './entry.js'
import type { FormatOptions } from './list.js'
import { readDocument } from './yaml-document.js'
import { indentOf, withoutEnd, type Cut } from './yaml-cutter.js'
import { readScalar } from './yaml-scalar.js'
import { fieldsOf } from './yaml-fields.js'

/** An entry's lines, and how far its dash is indented. */
export type EntryCut = Cut & { readonly dash: number }

/** Names that are themselves in YAML, whatever stands around them. */
const NAME = /^[\p{L}_][\p{L}\p{N}_]*$/u

/**
 * A reader of entries as the list is usually written: a name and a scalar of one line, in each line.
 * It gives undefined for everything else, and reads nothing otherwise than YAML does: a test compares it with the library.
 */
export function plainEntries(about: FormatOptions): (cut: EntryCut) => ListEntry | undefined {
  const names = new Set([...about.columns, 'id', 'note'].filter((name) => NAME.test(name)))

  const fields = fieldsOf(about)

  const plainEntry = (cut: EntryCut): ListEntry | undefined => {
    const { dash } = cut
    fields.clear()
    let column: number | undefined
    for (const [index, text] of cut.lines.entries()) {
      const line = withoutEnd(text)
      if (line.includes('\t') || line.includes('\ufeff')) return undefined
      const indent = column === undefined ? dash + 1 + indentOf(line.slice(dash + 1)) : indentOf(line)
      if (indent === line.length || line[indent] === '#') {
        if (column === undefined) return undefined
        continue
      }
      if (indent !== (column ??= indent)) return undefined
      const colon = line.indexOf(':', indent)
      const name = line.slice(indent, colon)
      if (colon < 0 || !names.has(name)) return undefined
      let from = colon + 1
      while (line.charCodeAt(from) === 0x20) from++
      if (from === colon + 1 && from < line.length) return undefined
      const value = readScalar(line, from)
      if (value === undefined) return undefined
      const place = { line: cut.line + index, column: from + 1 }
      if (fields.set(name, value, place) !== 'set') return undefined
    }
    return column === undefined ? undefined : fields.entry({ line: cut.line, column: dash + 1 })
  }
  return plainEntry
}

/** Any entry, read by the library. @throws SyncError LIST_INVALID */
export function anyEntry({ line, lines }: EntryCut, about: FormatOptions): ListEntry {
  const { entries } = readDocument(`sync_targets:\n${lines.join('')}`, about, line - 2)
  const [found, other] = entries
  if (found === undefined || other !== undefined) throw invalid(about.uri, { line, column: 1 }, 'is no entry')
  return found.entry
}
