import type { Change, ImportDetail } from '../core/import-plan.js'
import { readImport } from './imports.js'
import type { Session } from './session.js'

/** Of each kind of finding so many are told in reports: these pass through Temporal, which takes little. */
const FINDINGS_TOLD = 3

/** What an import found, as far as it was looked at, for a report: without any value of a row, for it leaves the on-prem side. */
export async function importDetail(session: Session, id: string): Promise<ImportDetail> {
  const { detail, publication, files, findings, folded, contradicting } = await readImport(session, id)
  const found = detail ?? {
    ...NOT_LOOKED_AT,
    import: id,
    publication,
    files,
    findings,
    folded,
    contradicting,
  }
  return { ...found, findings: withoutValues(found.findings) }
}

function withoutValues({ counts, first }: ImportDetail['findings']): ImportDetail['findings'] {
  const seen = new Map<string, number>()
  const told = first.filter(({ code }) => {
    const before = seen.get(code) ?? 0
    seen.set(code, before + 1)
    return before < FINDINGS_TOLD
  })
  return { counts, first: told.map((finding) => ({ ...finding, value: null })) }
}

const NONE: Change = { rows: 0, sample: [] }
const NOT_LOOKED_AT = {
  ...{ added: NONE, changed: NONE, reopened: NONE, absent: NONE },
  ...{ respelled: 0, unchanged: 0, scopes: [], enriches: null, uncompared: [] },
}
