import { Buffer } from 'node:buffer'
import type { FormatOptions, WrittenEntry } from './list.js'
import { anyEntry, plainEntries, type EntryCut } from './yaml-entry.js'
import { editedNote } from './yaml-note.js'
import { editedDocument } from './yaml-other.js'
import { indentOf, withoutEnd } from './yaml-cutter.js'
import { pieces } from './yaml-pieces.js'
import { rendered } from './yaml-render.js'
import { nameOf, type Wanted } from './yaml-wanted.js'

/** How far a new list is indented. */
const DASH = 2

/**
 * A list with other entries: those that stay are left as they stand, with their comments, in their order; new ones follow at
 * the end. Comments between entries stay whatever goes.
 * @throws SyncError LIST_INVALID where what is there cannot be read, as it would be lost
 */
export async function* edited(
  entries: AsyncIterable<readonly WrittenEntry[]>,
  about: FormatOptions,
  before: AsyncIterable<string> | null,
): AsyncGenerator<Uint8Array> {
  const wanted: Wanted = new Map()
  for await (const batch of entries) for (const entry of batch) wanted.set(nameOf(entry), entry)
  if (before === null) {
    const all = renderedAll(wanted, about, DASH, '\n')
    yield Buffer.from(all === '' ? 'sync_targets: []\n' : `sync_targets:\n${all}`)
    return
  }
  const kept = keeper(wanted, about)
  let [dash, end, open, last] = [DASH, '\n', true, '']
  const added = (): string => {
    open = false
    return `${last === '' || last.endsWith('\n') ? '' : end}${renderedAll(wanted, about, dash, end)}`
  }
  for await (const some of pieces(before, about)) {
    let text = ''
    for (const piece of some) {
      if (piece.kind === 'other') {
        yield Buffer.from(editedDocument(piece.text, wanted, about))
        return
      }
      if (piece.kind === 'head' && piece.lines.some((line) => line.endsWith('\r\n'))) end = '\r\n'
      if (piece.kind === 'entry') dash = piece.dash
      if (piece.kind === 'end') text += added()
      text += piece.kind === 'entry' ? kept(piece, end) : piece.lines.join('')
    }
    if (text !== '') last = text
    yield Buffer.from(text)
  }
  if (open) yield Buffer.from(added())
}

function renderedAll(wanted: Wanted, about: FormatOptions, dash: number, end: string): string {
  return [...wanted.values()].map((entry) => rendered(entry, about, dash, end)).join('')
}

/** What stays of an entry and what follows it. */
function keeper(wanted: Wanted, about: FormatOptions): (cut: EntryCut, end: string) => string {
  const plainEntry = plainEntries(about)
  return (cut, end) => {
    const { own, between } = split(cut)
    const entry = plainEntry(cut) ?? anyEntry(cut, about)
    const stays = wanted.get(nameOf(entry))
    if (stays === undefined) return between
    wanted.delete(nameOf(entry))
    if (stays.note === entry.note) return own + between
    return editedNote({ text: own, dash: cut.dash, end }, stays, about) + between
  }
}

/** Blank lines behind an entry, and comments that are not indented as its own are, stand by themselves. */
function split({ lines, dash }: EntryCut): { readonly own: string; readonly between: string } {
  let length = lines.length
  for (; length > 1; length--) {
    const line = withoutEnd(lines[length - 1] ?? '')
    const indent = indentOf(line)
    if (indent < line.length && (line[indent] !== '#' || indent > dash)) break
  }
  return { own: lines.slice(0, length).join(''), between: lines.slice(length).join('') }
}
