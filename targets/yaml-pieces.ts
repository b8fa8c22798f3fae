import { invalid } from './entry.js'
import type { FormatOptions } from './list.js'
import { Cutter, type Cut } from './yaml-cutter.js'

/** A form other than the plain one is held in memory, as the library makes fifty times its size of it. */
const MAX_OTHER = 4_000_000

/** A part of a list in the plain form, or a whole list in another form. */
export type Piece =
  | (Cut & {
      /** How far the dashes of the list are indented. */
      readonly dash: number
    })
  | { readonly kind: 'other'; readonly text: string }

/**
 * The pieces of a list, some at a time. What is not in the plain form is one piece, and nothing is given out before that
 * is known.
 * @throws SyncError LIST_INVALID
 */
export async function* pieces(
  blocks: AsyncIterable<string>,
  { uri }: FormatOptions,
): AsyncGenerator<readonly Piece[]> {
  const cutter = new Cutter()
  let [whole, plain, before] = ['', true, 0]
  for await (const block of blocks) {
    const lines = linesOf(block)
    refuseControls(block, lines, before, uri)
    before += lines.length
    if (!plain || cutter.dash === undefined) whole += block
    const found: Piece[] = []
    for (const line of plain ? lines : []) {
      const cut = cutter.push(line)
      if (cut === undefined) continue
      plain = cut !== 'other'
      if (cut === 'other') break
      if (cut.kind === 'misplaced') throw invalid(uri, cut, cut.message)
      found.push({ ...cut, dash: cutter.dash ?? 0 })
    }
    if (cutter.dash !== undefined) whole = ''
    if (whole.length > MAX_OTHER) {
      throw invalid(
        uri,
        { line: 1, column: 1 },
        `is longer than ${MAX_OTHER} characters, and not in the plain form`,
      )
    }
    if (found.length > 0) yield found
  }
  const last = plain ? cutter.end() : 'other'
  yield [last === 'other' ? { kind: 'other', text: whole } : { ...last, dash: cutter.dash ?? 0 }]
}

function linesOf(block: string): readonly string[] {
  const lines: string[] = []
  for (let start = 0; start < block.length;) {
    const end = block.indexOf('\n', start) + 1
    lines.push(block.slice(start, end === 0 ? block.length : end))
    start = end === 0 ? block.length : end
  }
  return lines
}

/** Characters that YAML allows only as escapes, and a CR alone, which it takes for the end of a line where others do not. */
// eslint-disable-next-line no-control-regex -- it is what is looked for
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]|\r(?!\n)/u

function refuseControls(block: string, lines: readonly string[], before: number, uri: string): void {
  if (!CONTROL.test(block)) return
  const index = lines.findIndex((line) => CONTROL.test(line))
  const line = lines[index] ?? ''
  const column = line.search(CONTROL)
  const code = (line.codePointAt(column) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  throw invalid(uri, { line: before + index + 1, column: column + 1 }, `is a control character (U+${code})`)
}
