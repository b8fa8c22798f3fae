import type { RunReport } from '../core/report.js'

/** Where the data of a master was published, and as of when: a line each. */
export function sourceLines({ master, sources }: RunReport): readonly string[] {
  return sources.map(({ publication, title, from, to }) => {
    // A file of one's own has no name but that of the master.
    const name = publication === 'csv' ? master : title
    return `  source 出典    ${name} · ${from === to ? from : `${from} – ${to}`} 時点`
  })
}
