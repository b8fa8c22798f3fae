import type { Misfits } from '../db/import-fit.js'
import type { FeedReading, FeedSummary } from './read-feed.js'
import { withMore } from './findings.js'

/** What is told of files once rows have left the stage that the table would not take. */
export function withMisfits(
  { files, findings, ...rest }: FeedSummary,
  misfits: readonly Misfits[],
  headerOf: FeedReading['headerOf'],
): FeedSummary {
  const all = misfits.flatMap(({ column, isKey, files: some }) =>
    some.map((found) => ({ ...found, column, isKey })),
  )
  const told = all.reduce(
    (list, { file, column, isKey, rows, first }) =>
      withMore(
        list,
        rows,
        first.map(({ line, value }) => ({
          ...{ code: isKey ? 'ID_FORM' : 'VALUE_UNFIT', file: files[file]?.file ?? '', line, value },
          column: headerOf(file, column),
        })),
      ),
    findings,
  )
  return {
    ...rest,
    findings: told,
    files: files.map((file, index) => {
      const its = all.filter((found) => found.file === index)
      const left = its.reduce((sum, { rows }) => sum + rows, 0)
      return {
        ...file,
        rows: file.rows - left,
        reported: file.reported + left,
        unidentified: its.reduce((sum, found) => sum + found.unidentified, file.unidentified),
      }
    }),
  }
}
