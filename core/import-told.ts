import type { Change, ImportReport } from './import-plan.js'

/** Reports pass through Temporal, which takes little: of parts, files and columns so many are told, and of rows of a kind. */
const [TOLD, ROWS_TOLD] = [20, 10]
/** What a mapping takes for the name of a part may be as long as any value. */
const NAME_TOLD = 100

/** What is told of an import, however much there is: with how many there are in all. */
export function told(report: ImportReport): ImportReport {
  const { added, changed, reopened, absent, scopes, files, uncompared, outside } = report
  const whole = { files: files.length, parts: scopes.length }
  return {
    ...report,
    ...{ added: some(added), changed: some(changed), reopened: some(reopened), absent: some(absent) },
    scopes: scopes.slice(0, TOLD).map(short),
    files: files.length > TOLD ? newest(files).slice(0, TOLD) : files,
    uncompared: uncompared.slice(0, TOLD),
    ...(outside === undefined ? {} : { outside: { ...outside, sample: outside.sample.map(short) } }),
    ...(Math.max(whole.files, whole.parts) > TOLD ? { whole } : {}),
  }
}

function some({ rows, sample }: Change): Change {
  return {
    rows,
    sample: sample.slice(0, ROWS_TOLD).map(({ id, columns }) => ({ id, columns: columns.slice(0, TOLD) })),
  }
}

function newest(files: ImportReport['files']): ImportReport['files'] {
  return [...files].sort((a, b) => (b.as_of ?? '').localeCompare(a.as_of ?? ''))
}

/** A part of the register, or of a master. */
export function short(name: string): string {
  return name.length > NAME_TOLD ? `${name.slice(0, NAME_TOLD)}…` : name
}
