import type { Master } from '../../../core/master.js'
import type { RunReport } from '../../../core/report.js'
import type { FullCopy } from '../../../operations/full-copy.js'
import type { RunDetail } from '../../../operations/runs.js'
import { errorBox } from '../../error-page.js'
import { count } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { heldTable, questionLine } from '../decisions/asked.js'
import { facts } from './facts.js'
import { imported } from './imported.js'
import { leftRows } from './left-rows.js'
import { runPath } from './list.js'
import { lists } from './lists.js'
import { doubtful, moved } from './moved.js'
import { underWay, type Standing } from './progress.js'
import { sampleTable, type Names } from './sample.js'
import { spent } from './spent.js'
import { changedRows } from './words.js'

export interface ShownRun {
  readonly detail: RunDetail
  readonly names: Names
  readonly full: FullCopy | undefined
  /** Of one that has not closed. */
  readonly standing: Standing | undefined
  /** Where the run is seen in Temporal. */
  readonly workflow: string | undefined
  /** Whether the visitor would have started it, and somebody else had done so. */
  readonly attached: boolean
}

/** All that is known of one run. */
export function runPage(visit: Visit, master: Master, shown: ShownRun): Markup {
  const { detail, names, full, standing, workflow, attached } = shown
  const { report, sample } = detail
  const closed = report.outcome !== null
  return html`${attached && someoneElse(visit, report)}
  ${standing !== undefined && underWay(visit, master, standing)}
  ${report.failure !== null && errorBox(visit, report.failure)}
  ${report.question !== null && questionLine(visit, master, report.question)}
  ${facts(visit, master, report, workflow)}
  ${closed && html`${moved(visit, report)} ${undoLink(visit, master, report)}`}
  ${report.held.length > 0 && heldTable(visit, report.kind, report.held)} ${imported(visit, master, report)}
  ${lists(visit, report)} ${doubtful(visit, master, report)}
  ${sampleTable(visit, master, report.kind, sample, names)} ${leftRows(visit, master, detail, names)}
  ${atPresent(visit, master, detail)} ${closed && spent(visit, report, full)}`
}

/** What runs leave to people stands where they decide, and may have changed since this one. */
function atPresent({ say }: Visit, master: Master, { report, conflicts }: RunDetail): Markup | undefined {
  const refused = report.rows.rejected > 0
  if (report.kind === 'import' || (conflicts === 0 && !refused)) return undefined
  const path = pathOf(master, 'decisions')
  return html`<p class="notice row">
    ${conflicts > 0 && html`<a href="${path}#conflicts">${say(`現在の競合: ${count(conflicts)} 件`, `Conflicts at present: ${count(conflicts)}`)}</a>`}
    ${refused && html`<a href="${path}#rejects">${say('現在拒否されている行', 'Rows that are refused at present')}</a>`}
  </p>`
}

function someoneElse({ say }: Visit, { started_by: by }: RunReport): Markup {
  return html`<p class="notice" role="status">
    ${say(
      `すでに${by === null ? '' : `${by} さんが`}始めていました。新しい実行は始めず、その実行を表示しています。`,
      `It was started already${by === null ? '' : ` by ${by}`}: no other run was started, and this is the one under way.`,
    )}
  </p>`
}

function undoLink({ say, user }: Visit, master: Master, report: RunReport): Markup | undefined {
  const undoable = report.mode === 'apply' && report.kind !== 'import' && changedRows(report.rows) > 0
  if (!undoable || !mayAs(user.role, 'approver')) return undefined
  return html`<p class="row">
    <a class="button second" href="${runPath(master, report.run)}/undo"
      >${say('この実行を取り消す…', 'Take this run back…')}</a
    >
  </p>`
}
