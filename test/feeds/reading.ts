import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SyncError } from '../../core/errors.js'
import type { FeedFile } from '../../feeds/parts.js'
import { readFeed, type FeedOptions, type FeedSummary } from '../../feeds/read-feed.js'
import { tempDir } from '../support/temp-dir.js'

/** A row as tests look at it: its values by column, and where it came from. */
interface ReadRow {
  readonly line: number
  readonly scope: string | null
  readonly values: Readonly<Record<string, string | null>>
  /** Columns of which what the table has stays. */
  readonly kept: readonly string[]
}

export interface Read {
  readonly publication: string
  readonly rows: readonly ReadRow[]
  /** What is known of records that are left out. */
  readonly leftOut: readonly ReadRow[]
  readonly summary: FeedSummary
  /** Findings as `CODE line column: value`. */
  readonly told: readonly string[]
}

/** Reads files that are written first, by name. */
export async function read(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: FeedOptions = {},
): Promise<Read> {
  const folder = await tempDir()
  try {
    const named: FeedFile[] = []
    for (const [name, content] of Object.entries(files)) {
      const path = join(folder.path, name)
      await writeFile(path, content)
      named.push({ name, path })
    }
    return await readPaths(named, options)
  } finally {
    await folder.remove()
  }
}

export async function readPaths(files: readonly FeedFile[], options: FeedOptions = {}): Promise<Read> {
  const { publication, columns, rows, summary } = await readFeed(files, options)
  const taken: ReadRow[] = []
  const left: ReadRow[] = []
  for await (const batch of rows) {
    for (const { line, scope, values, kept, leftOut } of batch) {
      const named = columns.map((column, index) => [column, values[index] ?? null] as const)
      const row = {
        line,
        scope,
        values: Object.fromEntries(named),
        kept: kept.map((index) => columns[index] ?? ''),
      }
      ;(leftOut ? left : taken).push(row)
    }
  }
  const summed = summary()
  return {
    publication,
    rows: taken,
    leftOut: left,
    summary: summed,
    told: summed.findings.first.map(
      ({ code, line, column, value }) => `${code} ${line} ${column ?? '-'}: ${value ?? '-'}`,
    ),
  }
}

/** The refusal, or what was read. Any other error is thrown on. */
export async function readOrRefused(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: FeedOptions = {},
): Promise<Read | SyncError> {
  try {
    return await read(files, options)
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
}

/** How files are refused, as `CODE message`, or that they are not. */
export async function refusal(...given: Parameters<typeof readOrRefused>): Promise<string> {
  const found = await readOrRefused(...given)
  return found instanceof SyncError ? `${found.code} ${found.message}` : `${found.rows.length} rows read`
}
