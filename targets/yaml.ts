import type { ListEntry } from '../core/target-list.js'
import { textOfList } from './list-text.js'
import { BATCH, type Format, type FormatOptions } from './list.js'
import { edited } from './yaml-edit.js'
import { anyEntry, plainEntries } from './yaml-entry.js'
import { readDocument } from './yaml-document.js'
import { pieces } from './yaml-pieces.js'

export const yamlFormat: Format = {
  read: (bytes, about) => {
    const { lines, remarks } = textOfList(bytes, about.uri)
    return { entries: entriesOf(lines, about), remarks }
  },
  write: (entries, about, before) => {
    const text = before === null ? null : textOfList(before, about.uri).lines
    return edited(entries, about, text)
  },
}

async function* entriesOf(
  blocks: AsyncIterable<string>,
  about: FormatOptions,
): AsyncGenerator<readonly ListEntry[]> {
  const plainEntry = plainEntries(about)
  let batch: ListEntry[] = []
  for await (const some of pieces(blocks, about)) {
    for (const piece of some) {
      if (piece.kind === 'other')
        batch.push(...readDocument(piece.text, about).entries.map(({ entry }) => entry))
      if (piece.kind === 'entry') batch.push(plainEntry(piece) ?? anyEntry(piece, about))
      if (batch.length < BATCH) continue
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
