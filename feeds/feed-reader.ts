import type { Encoding } from '../files/decode.js'
import { Damage } from './damage.js'
import type { Feed } from './feed.js'
import type { Findings } from './findings.js'
import type { Layout } from './headers.js'
import { invalid } from './import-errors.js'
import { BATCH } from './limits.js'
import type { Part } from './parts.js'
import { CUT, recordsOf, type FeedRecord, type TextForm } from './records.js'
import { isRagged, RowMapper, type FeedRow } from './row-mapper.js'

/** What became of the records of a file: rows + folded + reported. */
export interface FileCounts {
  /** Without headers and empty lines. */
  readonly records: number
  /** Given out. */
  readonly rows: number
  /** The same as the row before, where the form of the file has several records of a facility. */
  readonly folded: number
  /** Left out, each with a finding. */
  readonly reported: number
  /** Of these those whose id is not known. */
  readonly unidentified: number
}

interface Context {
  /** Which of the files it is. */
  readonly index: number
  readonly part: Part
  readonly feed: Feed
  readonly form: TextForm
  readonly layout: Layout
  readonly columns: readonly string[]
  readonly repair: boolean
  readonly findings: Findings
}

/** Reads one file of a known form, once. */
export class FeedReader {
  readonly #context: Context
  readonly #counts = { records: 0, rows: 0, folded: 0, reported: 0, unidentified: 0 }
  #encoding: Encoding | undefined

  constructor(context: Context) {
    this.#context = context
  }

  get file(): string {
    return this.#context.part.name
  }

  get feed(): string {
    return this.#context.feed.name
  }

  get covers(): boolean {
    return this.#context.feed.covers ?? true
  }

  get counts(): FileCounts {
    return { ...this.#counts }
  }

  /** The header of a column of the rows; its own name where it is made of others. */
  headerOf(column: string): string {
    const { places } = this.#context.layout
    return places.find(({ field }) => field.field === column)?.header ?? column
  }

  get encoding(): Encoding | undefined {
    return this.#encoding
  }

  /** Records that are left out are among them by their key. @throws SyncError IMPORT_INVALID, IMPORT_UNREADABLE, IMPORT_DAMAGED */
  async *rows(): AsyncGenerator<readonly FeedRow[]> {
    const { part, feed, form, layout, repair, findings } = this.#context
    const damage = new Damage()
    const mapper = new RowMapper({ ...this.#context, file: part.name, damage })
    const records = recordsOf(part, form)
    let header = feed.recognise.kind === 'headers'
    let last: FeedRecord | undefined
    let before: FeedRow | null = null
    let batch: FeedRow[] = []
    for await (const some of records.batches) {
      for (const record of some) {
        if (header) {
          header = false
          continue
        }
        const row = mapper.row(record)
        const leftOut = row === null || row.leftOut
        const same = feed.folds === true && !leftOut && isSame(before, row)
        this.#count(leftOut ? 'reported' : same ? 'folded' : 'rows')
        if (row === null) this.#counts.unidentified++
        last = record
        before = leftOut ? before : row
        if (row === null || same) continue
        batch.push(row)
        if (batch.length < BATCH) continue
        yield batch
        batch = []
      }
    }
    this.#encoding = records.encoding()
    if (!records.ended() && last !== undefined) {
      if (isRagged(last, layout)) throw invalid(part.name, CUT, { line: last.line, column: 1 })
      findings.add({ code: 'LAST_LINE_OPEN', file: part.name, line: last.line, column: null, value: null })
    }
    damage.check(part.name, repair)
    if (batch.length > 0) yield batch
  }

  #count(what: 'rows' | 'folded' | 'reported'): void {
    this.#counts.records++
    this.#counts[what]++
  }
}

function isSame(before: FeedRow | null, row: FeedRow): boolean {
  return before !== null && row.values.every((value, index) => value === before.values[index])
}
