import { SyncError } from '../core/errors.js'
import type { FindingCode } from '../core/finding.js'
import { NORMALISE_VERSION } from '../core/normalise.js'
import type { CsvMapping } from '../core/csv-mapping.js'
import type { Encoding } from '../files/decode.js'
import { dateInName } from './as-of.js'
import type { Feed } from './feed.js'
import { FeedReader, type FileCounts } from './feed-reader.js'
import { feedNamed, recognise } from './feeds.js'
import { Findings, type FindingList } from './findings.js'
import { layoutOf, type Layout } from './headers.js'
import { invalid } from './import-errors.js'
import { mappedFeed } from './mapped-csv.js'
import { partsOf, type FeedFile, type Part } from './parts.js'
import { recordsOf, type TextForm } from './records.js'
import { columnsOf, type FeedRow } from './row-mapper.js'

export interface FeedOptions {
  /** The form of the files, where they do not tell. */
  readonly feed?: string
  /** How a CSV of one's own is read; then no other form is looked for. */
  readonly mapping?: CsvMapping
  /** Whether zeros that a spreadsheet took are put back where that is certain. */
  readonly repair?: boolean
  /** Whether names of persons are read. */
  readonly personal?: boolean
  /** The date of the data, `2026-06-01`, in place of the one in the file's name. */
  readonly asOf?: string
}

/** One reading of files of one publication. Nothing may be done with its rows before they have ended: they may yet be refused. */
export interface FeedReading {
  readonly publication: string
  /** Of the rows, in their order. */
  readonly columns: readonly string[]
  /** In batches of about a thousand; memory stays flat. Throws SyncError IMPORT_INVALID, IMPORT_UNREADABLE, IMPORT_DAMAGED. */
  readonly rows: AsyncIterable<readonly FeedRow[]>
  /** What was seen so far: all of it, once the rows have ended. */
  readonly summary: () => FeedSummary
  /** The header of a column of the rows in one of the files. */
  readonly headerOf: (file: number, column: string) => string
}

export interface FeedSummary {
  readonly files: readonly FileSummary[]
  /** Of the search forms: forms of another version are to be made anew. */
  readonly searchForms: number
  readonly findings: FindingList
}

/** Of one file: records = rows + folded + reported. */
interface FileSummary extends FileCounts {
  readonly file: string
  readonly feed: string
  readonly covers: boolean
  readonly asOf: string | undefined
  readonly encoding: Encoding | undefined
}

/**
 * Opens published files, and says what they are. Their rows are read while they are taken.
 * @throws SyncError IMPORT_UNREADABLE, IMPORT_INVALID, IMPORT_FORM_UNKNOWN
 */
export async function readFeed(files: readonly FeedFile[], options: FeedOptions): Promise<FeedReading> {
  const { mapping, repair = false, personal = false } = options
  const named = options.feed === undefined ? undefined : feedNamed(options.feed)
  const wanted = mapping === undefined ? named : mappedFeed(mapping)
  const form = textForm(mapping)
  const findings = new Findings()
  const opened: Opened[] = []
  for (const file of files) opened.push(...(await open(file, { wanted, form, personal }, findings)))
  const publication = opened[0]?.feed.publication
  if (publication === undefined) {
    const names = files.map(({ name }) => name).join(', ')
    throw new SyncError('IMPORT_FORM_UNKNOWN', `${names}: no file of a known form`)
  }
  const columns = [...new Set(opened.flatMap(({ feed, layout }) => columnsOf(feed, layout)))]
  const readers = opened.map(
    (one, index) => new FeedReader({ ...one, index, form, columns, repair, findings }),
  )
  return {
    publication,
    columns,
    rows: rowsOf(readers),
    headerOf: (file, column) => readers[file]?.headerOf(column) ?? column,
    summary: () => ({
      files: readers.map(({ file, feed, covers, encoding, counts }) => ({
        ...{ file, feed, covers, encoding, ...counts },
        asOf: options.asOf ?? mapping?.as_of ?? dateInName(file),
      })),
      searchForms: NORMALISE_VERSION,
      findings: findings.list(),
    }),
  }
}

interface Opened {
  readonly part: Part
  readonly feed: Feed
  readonly layout: Layout
}

interface Looked {
  readonly wanted: Feed | undefined
  readonly form: TextForm
  readonly personal: boolean
}

async function open(
  file: FeedFile,
  { wanted, form, personal }: Looked,
  findings: Findings,
): Promise<readonly Opened[]> {
  const { parts, others } = await partsOf(file)
  const note = (
    code: FindingCode,
    name: string,
    value: string | null,
    column: string | null = null,
  ): void => {
    findings.add({ code, file: name, line: 0, column, value })
  }
  for (const other of others) note('FILE_DECLINED', other, null)
  const opened: Opened[] = []
  for (const part of parts) {
    const first = await firstRecord(part, form)
    const found = recognise(part.name, first, wanted)
    if (found.kind === 'declined') {
      note('FILE_DECLINED', part.name, found.why)
      continue
    }
    const layout = layoutOf(found.feed, first, personal)
    const { unread, absent } = layout
    if (unread.length > 0) note('COLUMNS_UNREAD', part.name, unread.join(', '))
    for (const header of absent) note('COLUMNS_ABSENT', part.name, null, header)
    opened.push({ part, feed: found.feed, layout })
  }
  return opened
}

async function firstRecord(part: Part, form: TextForm): Promise<readonly string[]> {
  for await (const records of recordsOf(part, form).batches) {
    const [first] = records
    if (first === undefined) continue
    if (first.problem !== undefined) throw invalid(part.name, first.problem.message, first.problem.place)
    return first.texts
  }
  throw invalid(part.name, 'is empty')
}

function textForm(mapping: CsvMapping | undefined): TextForm {
  const { encoding, delimiter } = mapping ?? {}
  return { encoding: encoding === 'cp932' ? 'shift_jis' : encoding, delimiter }
}

async function* rowsOf(readers: readonly FeedReader[]): AsyncGenerator<readonly FeedRow[]> {
  for (const reader of readers) yield* reader.rows()
}
