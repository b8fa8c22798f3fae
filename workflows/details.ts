import { heldWords } from '../core/plan-words.js'
import type { RunReport } from '../core/report.js'
import { progressOf, type SyncState } from './state.js'

/** What the Temporal Web UI shows as current details: a line, then a small table, in Markdown. */

export function describeState(state: SyncState): string {
  const { run, phase, segments, rows } = progressOf(state)
  return [
    `${run === undefined ? '' : `run ${run} · `}**${phase}**`,
    '',
    '| | done | of |',
    '| --- | ---: | ---: |',
    `| segments | ${segments.done} | ${segments.total} |`,
    `| rows | ${rows.done} | ${rows.total} |`,
  ].join('\n')
}

export function describeReport(report: RunReport): string {
  const rows = Object.entries(report.rows).filter(([, count]) => count > 0)
  return [
    `run ${report.run} · **${report.outcome ?? ''}**${report.equal === null ? '' : report.equal ? ' · equal' : ' · NOT EQUAL'}`,
    ...heldLines(report),
    ...(report.failure === null ? [] : ['', `${report.failure.code}: ${report.failure.message}`]),
    '',
    '| rows | |',
    '| --- | ---: |',
    ...rows.map(([name, count]) => `| ${name} | ${count} |`),
  ].join('\n')
}

/** Reports of runs that were begun before anything was held say nothing of it. */
function heldLines({ kind: ran = 'sync', held = [], question }: Partial<RunReport>): readonly string[] {
  return [
    ...held.flatMap(({ kind, rows, reason }) => ['', `held: ${rows} ${heldWords(ran, kind).en}: ${reason}`]),
    ...(question?.state === 'open'
      ? ['', `**waits for a person**: \`master-sync approve ${question.run}\` or \`reject\``]
      : []),
  ]
}
