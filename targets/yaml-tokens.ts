import { CST, Lexer, type LineCounter } from 'yaml'

/** No list is nested deeper; the library would go down until the process ends. */
const DEPTH = 8

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['alias', 'is an alias (*), which a list may not have; quote the text if it is none'],
  ['anchor', 'is an anchor (&), which a list may not have; quote the text if it is none'],
  ['tag', 'is a tag (!), which a list may not have; quote the text if it is none'],
  ['directive-line', 'is a directive (%), which a list may not have'],
  ['explicit-key-ind', 'is an explicit key (?), which a list may not have'],
])

/**
 * Looks through the tokens for what a list has no use for and what is dangerous to read: what refers to something else, and
 * depth. Tells the counter where lines begin, for the places of what is found.
 */
export function checkTokens(
  text: string,
  lines: LineCounter,
  refuse: (offset: number, message: string) => never,
): void {
  const columns: number[] = []
  let [offset, lineStart, flow] = [0, 0, 0]
  let fresh = true
  let scalar = false
  let block = false
  lines.addNewLine(0)
  for (const token of new Lexer().lex(text)) {
    const type = scalar ? 'scalar' : CST.tokenType(token)
    if (type === 'scalar' && !scalar) {
      scalar = true
      continue
    }
    scalar = false
    // What a block scalar holds begins before the column of what holds it.
    const within = block && type === 'scalar'
    if (type === 'block-scalar-header') block = true
    else if (within) block = false
    if (type === null) return refuse(offset, 'cannot be understood')
    if (type === 'doc-mode' || type === 'flow-error-end') continue
    const fault = REFUSED.get(type)
    if (fault !== undefined) return refuse(offset, fault)
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow++
    if (type === 'flow-map-end' || type === 'flow-seq-end') flow--
    if (type === 'seq-item-ind' && !fresh) return refuse(offset, 'is a list within a list')
    if (fresh && !within && type !== 'space' && type !== 'newline' && type !== 'comment') {
      const column = offset - lineStart
      while ((columns.at(-1) ?? -1) >= column) columns.pop()
      columns.push(column)
      fresh = false
    }
    if (flow > DEPTH || columns.length > DEPTH) return refuse(offset, 'is nested too deeply for a list')
    for (let at = token.indexOf('\n'); at >= 0; at = token.indexOf('\n', at + 1)) {
      lineStart = offset + at + 1
      lines.addNewLine(lineStart)
      fresh = true
    }
    offset += token.length
  }
}
