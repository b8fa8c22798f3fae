import { isScalar } from 'yaml'
import { SyncError } from '../core/errors.js'
import type { FormatOptions, WrittenEntry } from './list.js'
import { readDocument } from './yaml-document.js'
import { NOTE } from './yaml-fields.js'
import { quoted, rendered } from './yaml-render.js'

interface OwnText {
  readonly text: string
  readonly dash: number
  readonly end: string
}

const HEAD = 'sync_targets:\n'

/** An entry with another note, otherwise as it stood; written anew where that cannot be. @throws SyncError LIST_INVALID */
export function editedNote(own: OwnText, wanted: WrittenEntry, about: FormatOptions): string {
  const text = spliced(own, wanted.note, about)
  return isExact(text, wanted, about) ? text : rendered(wanted, about, own.dash, own.end)
}

function spliced({ text, end }: OwnText, note: string | null, about: FormatOptions): string {
  const whole = HEAD + text
  const node = readDocument(whole, about).entries[0]?.node
  const [first] = node?.items ?? []
  if (node === undefined || first === undefined) return text
  const replaced = (start: number, stop: number, by: string): string =>
    (whole.slice(0, start) + by + whole.slice(stop)).slice(HEAD.length)
  const pair = node.items.find(({ key }) => isScalar(key) && key.value === NOTE)
  if (pair === undefined) {
    const added = `${NOTE}: ${quoted(note ?? '')}`
    if (node.flow === true) return replaced(node.range[1] - 1, node.range[1] - 1, `, ${added}`)
    const start = first.key.range[0]
    const column = start - whole.lastIndexOf('\n', start - 1) - 1
    return `${text}${text.endsWith('\n') ? '' : end}${' '.repeat(column)}${added}${end}`
  }
  const [start = 0, stop = start] = pair.value?.range ?? [pair.key.range[1] + 1]
  const lineStart = whole.lastIndexOf('\n', start) + 1
  const lineEnd = whole.indexOf('\n', stop)
  const alone = whole.slice(lineStart, pair.key.range[0]).trim() === ''
  if (note === null && alone && node.flow !== true && !whole.slice(start, stop).includes('\n'))
    return replaced(lineStart, lineEnd < 0 ? whole.length : lineEnd + 1, '')
  const blank = start === stop && whole[start - 1] === ':' ? ' ' : ''
  return replaced(
    start,
    stop,
    `${blank}${quoted(note ?? '')}${whole.slice(start, stop).endsWith('\n') ? end : ''}`,
  )
}

function isExact(text: string, wanted: WrittenEntry, about: FormatOptions): boolean {
  try {
    const { entries } = readDocument(HEAD + text, about)
    const [found, other] = entries
    return (
      other === undefined &&
      found !== undefined &&
      found.entry.note === wanted.note &&
      found.entry.key.join('\0') === wanted.key.join('\0')
    )
  } catch (error) {
    if (error instanceof SyncError) return false
    throw error
  }
}
