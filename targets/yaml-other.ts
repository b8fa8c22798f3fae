import { isSeq, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml'
import { checkWritable } from './entry.js'
import type { FormatOptions, WrittenEntry } from './list.js'
import { readDocument } from './yaml-document.js'
import { nameOf, type Wanted } from './yaml-wanted.js'
import { NOTE } from './yaml-fields.js'
import { DIGITS, escapedControls } from './yaml-render.js'

/** A list in another form than the plain one, with other entries. The library keeps its comments. @throws SyncError LIST_INVALID */
export function editedDocument(text: string, wanted: Wanted, about: FormatOptions): string {
  const { document, entries } = readDocument(text, about)
  const items: YAMLMap[] = []
  for (const { entry, node } of entries) {
    const stays = wanted.get(nameOf(entry))
    if (stays === undefined) continue
    wanted.delete(nameOf(entry))
    const map: YAMLMap = node
    if (stays.note === null) map.delete(NOTE)
    else if (stays.note !== entry.note) map.set(NOTE, quotedScalar(stays.note))
    items.push(map)
  }
  items.push(...[...wanted.values()].map((entry) => mapOf(entry, about)))
  const there = document.get('sync_targets', true)
  const list = isSeq(there) ? there : new YAMLSeq()
  if (list.items.length === 0) list.flow = items.length === 0
  list.items = items
  document.set('sync_targets', list)
  // The library leaves some characters as they are that may stand in a list only as escapes; the text had none of them.
  return escapedControls(document.toString({ lineWidth: 0 }))
}

function mapOf(entry: WrittenEntry, about: FormatOptions): YAMLMap {
  checkWritable(about.uri, entry)
  const map = new YAMLMap()
  for (const [index, name] of about.columns.entries()) {
    const id = entry.key[index] ?? ''
    map.items.push(new Pair(new Scalar(name), DIGITS.test(id) ? new Scalar(id) : quotedScalar(id)))
  }
  if (entry.note !== null) map.items.push(new Pair(new Scalar(NOTE), quotedScalar(entry.note)))
  return map
}

function quotedScalar(text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}
