import { isMap, isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml'
import { z } from 'zod'
import { SyncError } from './errors.js'
import { masterSchema, type Master } from './master.js'

/** Something wrong at a place of the text. */
interface Problem {
  readonly offset: number
  readonly message: string
}

/**
 * Reads one master's file.
 * @param file the name to show in errors
 * @throws SyncError MASTER_FILE_INVALID with every problem as `file:line:column path: message`
 */
export function parseMasterFile(file: string, text: string): Master {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const fail = (problems: readonly Problem[]): never => {
    const told = [...problems]
      .sort((a, b) => a.offset - b.offset)
      .map(({ offset, message }) => {
        const { line, col } = lines.linePos(offset)
        return `${file}:${line}:${col} ${message}`
      })
    throw new SyncError('MASTER_FILE_INVALID', told.join('\n'))
  }
  const syntax = syntaxProblems(document)
  if (syntax.length > 0) return fail(syntax)
  let plain: unknown
  try {
    plain = document.toJS({ maxAliasCount: 10 })
  } catch (error) {
    return fail([{ offset: 0, message: error instanceof Error ? error.message : 'cannot be read' }])
  }
  const result = masterSchema.safeParse(plain)
  if (result.success) return result.data
  return fail(result.error.issues.flatMap((issue) => problemsOf(issue, document, plain)))
}

function syntaxProblems(document: Document.Parsed): readonly Problem[] {
  const problems: Problem[] = [...document.errors, ...document.warnings].map(
    ({ pos: [offset], message }) => ({
      offset,
      message,
    }),
  )
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined)
        problems.push({ offset: alias.range?.[0] ?? 0, message: `Unresolved alias: ${alias.source}` })
    },
  })
  return problems
}

function problemsOf(issue: z.core.$ZodIssue, document: Document.Parsed, plain: unknown): readonly Problem[] {
  const { path } = issue
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      offset: offsetOfKey(document, path, key),
      message: `${[...path, key].join('.')}: unknown key`,
    }))
  }
  const message = path.length > 0 && valueAt(plain, path) === undefined ? 'is missing' : issue.message
  return [
    {
      offset: offsetOf(document, path),
      message: path.length === 0 ? message : `${path.join('.')}: ${message}`,
    },
  ]
}

function valueAt(plain: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    plain,
  )
}

/** Where the value stands; for something missing, where its nearest parent stands. */
function offsetOf(document: Document.Parsed, path: readonly PropertyKey[]): number {
  for (let length = path.length; length >= 0; length--) {
    const node = nodeAt(document, path.slice(0, length))
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

function offsetOfKey(document: Document.Parsed, path: readonly PropertyKey[], key: string): number {
  const parent = nodeAt(document, path)
  const pair = isMap(parent)
    ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    : undefined
  return isNode(pair?.key) && pair.key.range ? pair.key.range[0] : offsetOf(document, path)
}

function nodeAt(document: Document.Parsed, path: readonly PropertyKey[]): unknown {
  return path.length === 0 ? document.contents : document.getIn(path, true)
}

/** For editors: `# yaml-language-server: $schema=./master.schema.json` in the first line of a master's file. */
export function masterJsonSchema(): unknown {
  return z.toJSONSchema(masterSchema, { io: 'input', unrepresentable: 'any' })
}
