import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { ListEntry, Place } from '../core/target-list.js'
import { invalid } from './entry.js'
import type { FormatOptions } from './list.js'
import { checkTokens } from './yaml-tokens.js'
import { fieldsOf, NOTE } from './yaml-fields.js'

/** A list as the library reads it: any form that YAML has for it. */
export interface ListDocument {
  readonly document: Document.Parsed
  /** The entries, in order, each with its node. */
  readonly entries: readonly { readonly entry: ListEntry; readonly node: YAMLMap.Parsed }[]
}

/**
 * Reads a whole list, or one entry of it under a `sync_targets:` of its own.
 * Every scalar is taken for its text, as if it were quoted: `0123456`, `1e3` and `null` are ids like others.
 * @param before how many lines stand before the text in the list
 * @throws SyncError LIST_INVALID with the place
 */
export function readDocument(text: string, about: FormatOptions, before = 0): ListDocument {
  const { uri } = about
  const lines = new LineCounter()
  const placeOf = (offset: number): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line + before), column: col }
  }
  const refuse = (offset: number, message: string): never => {
    throw invalid(uri, placeOf(offset), message)
  }
  checkTokens(text, lines, refuse)
  const document = parseDocument(text, {
    schema: 'failsafe',
    prettyErrors: false,
    // The library's own check takes a second for ten thousand keys.
    uniqueKeys: false,
  })
  const [problem] = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
  if (problem !== undefined) return refuse(problem.pos[0], firstLine(problem.message))
  const fields = fieldsOf(about)

  const readEntry = (node: YAMLMap.Parsed): ListEntry => {
    for (const { key, value } of node.items) {
      if (!isScalar(key)) return refuse(offsetOf(key) ?? offsetOf(node) ?? 0, 'is a key that is no name')
      const name = String(key.value)
      const start = offsetOf(value) ?? offsetOf(key) ?? 0
      if (value !== null && !isScalar(value)) return refuse(start, `is no text, as ${name} must be`)
      const scalar: Scalar.Parsed | null = value
      if (scalar !== null && name !== NOTE && isLong(scalar, text))
        return refuse(start, 'is an id of several lines')
      const done = fields.set(name, scalar === null ? '' : String(scalar.value), placeOf(start))
      if (done === 'unknown')
        return refuse(offsetOf(key) ?? start, `${JSON.stringify(name)} is not a known key`)
      if (done === 'twice') return refuse(offsetOf(key) ?? start, `${JSON.stringify(name)} is given twice`)
    }
    return fields.entry(placeOf(offsetOf(node) ?? 0))
  }

  const entries = listOf(document, refuse).map((node) => ({ entry: readEntry(node), node }))
  return { document, entries }
}

function listOf(
  document: Document.Parsed,
  refuse: (offset: number, message: string) => never,
): readonly YAMLMap.Parsed[] {
  const { contents } = document
  if (!isMap(contents)) return refuse(offsetOf(contents) ?? 0, 'has no sync_targets')
  const [list, other] = contents.items
  for (const { key } of contents.items) {
    if (!isScalar(key) || key.value !== 'sync_targets')
      return refuse(offsetOf(key) ?? 0, 'is a key that is not known; a list has sync_targets alone')
  }
  if (list === undefined) return refuse(offsetOf(contents) ?? 0, 'has no sync_targets')
  if (other !== undefined) return refuse(offsetOf(other.key) ?? 0, 'has sync_targets twice')
  const { value } = list
  if (value === null || (isScalar(value) && value.source === '' && value.type === 'PLAIN')) return []
  if (!isSeq(value)) return refuse(offsetOf(value) ?? 0, 'is no list of entries')
  return value.items.map((item) =>
    isMap(item)
      ? item
      : refuse(offsetOf(item) ?? offsetOf(value) ?? 0, 'is no entry, which has an id by its name'),
  )
}

function isLong(scalar: Scalar.Parsed, text: string): boolean {
  return (
    text.slice(scalar.range[0], scalar.range[1]).includes('\n') || scalar.type?.startsWith('BLOCK') === true
  )
}

function offsetOf(node: unknown): number | undefined {
  return (node as { readonly range?: readonly number[] } | null | undefined)?.range?.[0]
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? message
}
