import { isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { SyncError } from './errors.js'
import { masterSchema, type Master } from './master.js'

/**
 * Reads one master's file.
 * @param file the name to show in errors
 * @throws SyncError MASTER_FILE_INVALID with every problem as `file:line:column path: message`
 */
export function parseMasterFile(file: string, text: string): Master {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset)
    return `${file}:${line}:${col}`
  }
  const syntax = [...document.errors, ...document.warnings].map(
    (error) => `${at(error.pos[0])} ${error.message}`,
  )
  if (syntax.length > 0) throw new SyncError('MASTER_FILE_INVALID', syntax.join('\n'))
  const result = masterSchema.safeParse(toPlain(document, at))
  if (result.success) return result.data
  const problems = result.error.issues.map((issue) => {
    const path = issue.path.join('.')
    return `${at(offsetOf(document, issue.path))} ${path === '' ? '' : `${path}: `}${issue.message}`
  })
  throw new SyncError('MASTER_FILE_INVALID', problems.join('\n'))
}

function toPlain(document: Document.Parsed, at: (offset: number) => string): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 })
  } catch (cause) {
    throw new SyncError(
      'MASTER_FILE_INVALID',
      `${at(0)} ${cause instanceof Error ? cause.message : 'cannot be read'}`,
      { cause },
    )
  }
}

/** Where the value stands; for something missing, where its nearest parent stands. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node: unknown = length === 0 ? document.contents : document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

/** For editors: `# yaml-language-server: $schema=./master.schema.json` in the first line of a master's file. */
export function masterJsonSchema(): unknown {
  return z.toJSONSchema(masterSchema, { io: 'input', unrepresentable: 'any' })
}
