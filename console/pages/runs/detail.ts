import { LEFT_REASONS } from '../../../core/history.js'
import type { Master } from '../../../core/master.js'
import type { RunReport } from '../../../core/report.js'
import type { FullCopy } from '../../../operations/full-copy.js'
import type { RunDetail } from '../../../operations/runs.js'
import { errorBox } from '../../error-page.js'
import { count, secondsText, time } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { heldTable, questionLine } from '../decisions/asked.js'
import { rejectsTable } from '../decisions/rejects.js'
import { cellText } from './cell.js'
import { imported } from './imported.js'
import { runPath, startedBy } from './list.js'
import { doubtful, moved } from './moved.js'
import { underWay, type Standing } from './progress.js'
import { rowLink, sampleTable } from './sample.js'
import { spent } from './spent.js'
import { changedRows, outcomeTag, proofTag, whatWord } from './words.js'

export interface ShownRun {
  readonly detail: RunDetail
  readonly names: ReadonlyMap<string, string>
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
  const { report, sample, rejects, conflicts } = detail
  const closed = report.outcome !== null
  return html`${attached && someoneElse(visit, report)}
  ${standing !== undefined && underWay(visit, master, standing)}
  ${report.failure !== null && errorBox(visit, report.failure)} ${facts(visit, master, report, workflow)}
  ${closed && html`${moved(visit, report)} ${undoLink(visit, master, report)}`}
  ${report.held.length > 0 && heldTable(visit, report.kind, report.held)}
  ${report.question !== null && questionLine(visit, master, report.question)}
  ${imported(visit, master, report)} ${lists(visit, report)} ${doubtful(visit, master, report)}
  ${sampleTable(visit, master, report.kind, sample, names)} ${leftRows(visit, master, detail)}
  ${
    conflicts > 0 &&
    html`<p class="notice">
      <a href="${pathOf(master, 'decisions')}#conflicts"
        >${visit.say(`現在の競合: ${count(conflicts)} 件`, `Conflicts at present: ${count(conflicts)}`)}</a
      >
    </p>`
  }
  ${rejects.length > 0 && rejectsTable(visit, master, { total: rejects.length, rows: rejects })}
  ${closed && spent(visit, report, full)}`
}

function someoneElse({ say }: Visit, { started_by: by }: RunReport): Markup {
  return html`<p class="notice" role="status">
    ${say(
      `すでに${by === null ? '' : `${by} さんが`}始めていました。新しい実行は始めず、その実行を表示しています。`,
      `It was started already${by === null ? '' : ` by ${by}`}: no other run was started, and this is the one under way.`,
    )}
  </p>`
}

function facts({ say }: Visit, master: Master, report: RunReport, workflow: string | undefined): Markup {
  const { only, targets, missing, sources } = report
  const partial = report.undoes !== null || report.answers !== null || report.kind === 'import'
  return html`<dl class="facts card">
    <dt>${say('結果', 'Outcome')}</dt>
    <dd>${outcomeTag(say, report.outcome)}</dd>
    <dt>${say('種類', 'Kind')}</dt>
    <dd>${whatWord(say, report)}</dd>
    <dt>${say('開始', 'Started')}</dt>
    <dd>${time(master, report.started_at)} · ${startedBy(say, report)}</dd>
    ${
      report.outcome !== null &&
      html`<dt>${say('所要時間', 'Time')}</dt>
        <dd>${secondsText(say, report.seconds.total)}</dd>`
    }
    ${
      !partial &&
      html`<dt>${say('対象', 'Targets')}</dt>
        <dd>
          ${count(targets)}
          ${only !== null && say(`（指定 ${count(only)} 件中）`, ` of ${count(only)} asked for`)}
          ${missing > 0 && say(`（元マスタにない ${count(missing)} 件）`, ` (${count(missing)} not in the source)`)}
        </dd>`
    }
    <dt>${say('照合', 'Proof')}</dt>
    <dd>${proofTag(say, report)}</dd>
    ${sources.map(
      ({ publication, title, from, to, attribution }) =>
        html`<dt>${say('出典', 'Source')}</dt>
          <dd>
            ${publication === 'csv' ? master.master : title} ·
            ${say(`${from === to ? from : `${from} – ${to}`} 時点`, `as of ${from === to ? from : `${from} – ${to}`}`)}
            ${attribution !== null && html`<div class="small soft">${attribution}</div>`}
          </dd>`,
    )}
    ${
      workflow !== undefined &&
      html`<dt>Temporal</dt>
        <dd>
          <a href="${workflow}" rel="noreferrer"
            >${say('Temporal の画面で見る', 'See it in the Temporal Web UI')}</a
          >
        </dd>`
    }
  </dl>`
}

function lists({ say }: Visit, { lists: read, published }: RunReport): Markup {
  const failures = [
    ...read.map(({ list, failure }) => ({ list, failure, what: say('読めません', 'could not be read') })),
    ...published.map(({ list, failure }) => ({
      list,
      failure,
      what: say('書き出せません', 'could not be written'),
    })),
  ]
  const changed = read.filter(({ added, removed, changed: notes }) => added + removed + notes > 0)
  return html`${failures.map(
    ({ list, failure, what }) =>
      failure !== null &&
      html`<p class="warning">${list}: ${what} <code>${failure.code}</code> ${failure.message}</p>`,
  )}
  ${changed.map(
    ({ list, added, removed }) =>
      html`<p class="soft">
        ${list}:
        ${say(`追加 ${count(added)}、削除 ${count(removed)}`, `${count(added)} added, ${count(removed)} removed`)}
      </p>`,
  )}`
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

/** Of an undo: what it let be. */
function leftRows({ say }: Visit, master: Master, { left }: RunDetail): Markup | undefined {
  if (left.length === 0) return undefined
  return html`<h2>${say('取り消さなかった行', 'Not taken back')}</h2>
    <div class="table">
      <table>
        <tbody>
          ${left.map(
            ({ id, why, columns }) =>
              html`<tr>
                <td>${rowLink(master, id, new Map())}</td>
                <td>${say<string>(LEFT_REASONS[why].ja, LEFT_REASONS[why].en)}</td>
                <td>
                  ${columns.map(
                    ({ column, found, wanted }) =>
                      html`<div>
                        ${column}: ${cellText(say, master, column, found)} (${say('以前は', 'was')}
                        ${cellText(say, master, column, wanted)})
                      </div>`,
                  )}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}
