import type { Master } from '../../../core/master.js'
import type { RunReport } from '../../../core/report.js'
import { count, secondsText, time } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'
import { outcomeTag, proofTag, whatWord } from './words.js'

export function runPath(master: Master, run: number): string {
  return `${pathOf(master, 'runs')}/${run}`
}

/** Runs, a line each. */
export function runsTable({ say }: Visit, master: Master, reports: readonly RunReport[]): Markup {
  return html`<div class="table" tabindex="0" role="region" aria-label="${say('実行の一覧', 'Runs')}">
    <table>
      <thead>
        <tr>
          <th scope="col" class="number">${say('番号', 'Run')}</th>
          <th scope="col">${say('開始', 'Started')}</th>
          <th scope="col">${say('種類', 'Kind')}</th>
          <th scope="col">${say('結果', 'Outcome')}</th>
          <th scope="col" class="number">${say('追加', 'Inserted')}</th>
          <th scope="col" class="number">${say('更新', 'Updated')}</th>
          <th scope="col" class="number">${say('削除・廃止', 'Removed, closed')}</th>
          <th scope="col" class="number">${say('保留', 'Held')}</th>
          <th scope="col">${say('照合', 'Proof')}</th>
          <th scope="col" class="number">${say('時間', 'Time')}</th>
          <th scope="col">${say('開始者', 'By')}</th>
        </tr>
      </thead>
      <tbody>
        ${reports.map(
          (report) =>
            html`<tr>
              <td class="number"><a href="${runPath(master, report.run)}">${report.run}</a></td>
              <td class="id">${time(master, report.started_at)}</td>
              <td>${whatWord(say, report)}</td>
              <td>${outcomeTag(say, report.outcome)}</td>
              <td class="number">${count(report.rows.inserted + report.rows.restored)}</td>
              <td class="number">${count(report.rows.updated + report.rows.adopted)}</td>
              <td class="number">${count(report.rows.removed + report.rows.marked)}</td>
              <td class="number">${count(report.rows.held)}</td>
              <td>${proofTag(say, report)}</td>
              <td class="number">${secondsText(say, report.seconds.total)}</td>
              <td>${startedBy(say, report)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** One that nobody asked for was started by its schedule, or after an import. */
export function startedBy(say: Visit['say'], { started_by: by }: RunReport): string {
  return by ?? say('定期実行', 'schedule')
}
