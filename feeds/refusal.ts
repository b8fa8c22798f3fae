import { SyncError } from '../core/errors.js'
import type { ImportFile } from '../core/import-plan.js'
import type { Master } from '../core/master.js'
import type { NewImport } from '../db/imports.js'

/** Why files are not to be written, by themselves: IMPORT_REJECTS, IMPORT_UNDATED. */
export function refusalOf(
  { import: section }: Master,
  { files, findings }: Pick<NewImport, 'files' | 'findings'>,
): SyncError | undefined {
  return rejected(section?.guards.rejects.percent ?? 1, files, findings) ?? undated(files)
}

function rejected(
  percent: number,
  files: readonly ImportFile[],
  findings: NewImport['findings'],
): SyncError | undefined {
  const sum = (of: (file: ImportFile) => number): number => files.reduce((total, file) => total + of(file), 0)
  const [reported, records] = [sum((file) => file.reported), sum((file) => file.records)]
  if (reported === 0 || reported * 100 <= records * percent) return undefined
  const codes = Object.entries(findings.counts).map(
    ([code, count]) => `${code} ${count}${firstPlace(code, findings)}`,
  )
  return new SyncError(
    'IMPORT_REJECTS',
    `${reported} of ${records} records cannot be taken over, more than ${percent} %: ${codes.join(', ')}`,
  )
}

/** Nothing of the files is kept where one could look it up. */
function firstPlace(code: string, { first }: NewImport['findings']): string {
  const found = first.find((finding) => finding.code === code)
  if (found === undefined || found.line === 0) return ''
  return ` (the first: ${found.file}:${found.line}${found.column === null ? '' : `, ${found.column}`})`
}

function undated(files: readonly ImportFile[]): SyncError | undefined {
  const names = files.filter((file) => file.as_of === null).map(({ file }) => file)
  if (names.length > 0) return new SyncError('IMPORT_UNDATED', `no date is known of ${names.join(', ')}`)
  // A day's grace: it may be tomorrow already where the file was made.
  const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)
  const coming = files.find((file) => (file.as_of ?? '') > tomorrow)
  return coming === undefined
    ? undefined
    : new SyncError(
        'IMPORT_UNDATED',
        `${coming.file} would be of ${coming.as_of ?? ''}, which is yet to come`,
      )
}
