import type { RunReport } from '../core/report.js'

/** Where the data of a master was published, and as of when: a line each. */
export function sourceLines({ sources }: RunReport): readonly string[] {
  return sources.map(
    ({ title, from, to }) => `  source 出典    ${title} · ${from === to ? from : `${from} – ${to}`} 時点`,
  )
}
