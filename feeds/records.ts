import { CsvRecords, delimiterOf, type CsvProblem, type CsvRecord } from '../files/csv-records.js'
import { decode, type Encoding } from '../files/decode.js'
import { invalid, unreadable } from './import-errors.js'
import { MAX_LINE, MAX_UNPACKED } from './limits.js'
import type { Part } from './parts.js'

/** One record of a file; `problem` where its values cannot be told apart. */
export interface FeedRecord {
  readonly line: number
  readonly texts: readonly string[]
  readonly problem?: CsvProblem
}

export interface TextForm {
  readonly encoding?: Encoding | undefined
  readonly delimiter?: string | undefined
}

export interface Records {
  /** In batches of whatever size; without lines that are empty. */
  readonly batches: AsyncIterable<readonly FeedRecord[]>
  /** Once they have ended. */
  readonly encoding: () => Encoding | undefined
  /** Once they have ended: whether the last line has an end, or the file's form says that all of it is there. */
  readonly ended: () => boolean
}

/** The records of a part. @throws SyncError IMPORT_INVALID, IMPORT_UNREADABLE, while they are taken */
export function recordsOf(part: Part, form: TextForm): Records {
  let ended = part.sealed
  const { lines, encoding } = decode(part.bytes(), {
    maxBytes: MAX_UNPACKED,
    maxLine: MAX_LINE,
    refuseNul: false,
    encoding: form.encoding,
    invalid: (place, message) => invalid(part.name, message, place),
    tooLarge: (message) => unreadable(part.name, message),
  })
  async function* batches(): AsyncGenerator<readonly FeedRecord[]> {
    let delimiter = form.delimiter
    let left = { text: '', line: 1 }
    let last = ''
    for await (const block of lines) {
      const text = left.text + block
      delimiter ??= delimiterOf(text.replace(/^[\r\n]+/u, ''))
      const read = readRecords(text, left.line, delimiter, true)
      left = read.left
      last = block
      if (read.records.length > 0) yield read.records
    }
    const { records, whole } = readRecords(left.text, left.line, delimiter ?? ',', false)
    ended ||= last.endsWith('\n')
    if (!ended && !whole)
      throw invalid(part.name, CUT, { line: records.at(-1)?.line ?? left.line, column: 1 })
    if (records.length > 0) yield records
  }
  return { batches: batches(), encoding, ended: () => ended }
}

export const CUT = 'is cut: its last line is not whole'

interface Read {
  readonly records: readonly FeedRecord[]
  /** What belongs to a record that the text that follows may complete. */
  readonly left: { readonly text: string; readonly line: number }
  /** Whether the last record could be read. */
  readonly whole: boolean
}

/** @param more whether more text may follow */
function readRecords(text: string, line: number, delimiter: string, more: boolean): Read {
  const records: FeedRecord[] = []
  const reader = new CsvRecords({
    text,
    delimiter,
    line,
    maxRecord: MAX_LINE,
    fault: (problem) => new CsvFault(problem),
  })
  let whole = true
  for (;;) {
    const found = next(reader)
    if (found === undefined) return { records, left: { text: '', line: reader.line }, whole }
    whole = !(found instanceof CsvFault)
    if (!(found instanceof CsvFault)) {
      if (found.texts.some((value) => value !== '')) records.push(found)
      continue
    }
    const { problem } = found
    const rest = reader.rest()
    if (more && problem.kind === 'unclosed' && rest.text.length <= MAX_LINE)
      return { records, left: rest, whole: true }
    records.push({ line: rest.line, texts: [], problem })
    reader.skipLine()
  }
}

function next(reader: CsvRecords): CsvRecord | CsvFault | undefined {
  try {
    return reader.next()
  } catch (error) {
    if (error instanceof CsvFault) return error
    throw error
  }
}

class CsvFault extends Error {
  readonly problem: CsvProblem

  constructor(problem: CsvProblem) {
    super(problem.message)
    this.problem = problem
  }
}
