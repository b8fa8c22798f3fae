import type { Master } from '../../../core/master.js'
import type { OpenQuestion } from '../../../operations/questions.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { count, time } from '../../markup/format.js'
import { imported } from '../runs/imported.js'
import { runPath } from '../runs/list.js'
import { sampleTable, type Names } from '../runs/sample.js'
import { heldTable } from './asked.js'

/** The longest reason that is kept. */
export const REASON_CHARACTERS = 500

/** What waits for somebody's word: what, why, some of the rows, until when. */
export function questionCard(
  visit: Visit,
  master: Master,
  { question, detail }: OpenQuestion,
  names: Names,
): Markup {
  const { say } = visit
  const { report, sample } = detail
  const { run, about, startedBy, expires_at: until } = question
  const held = sample.filter((row) => row.held !== null)
  return html`<section class="card" aria-labelledby="question-${run}">
    <h2 id="question-${run}">
      ${say(
        `実行 ${run} の${about === 'import' ? '取り込み' : '同期'}が承認を待っています（${count(report.rows.held)} 行）`,
        `Run ${run} (${about}) waits for approval: ${count(report.rows.held)} rows`,
      )}
    </h2>
    <p>
      <a href="${runPath(master, run)}">${say('実行の詳細', 'The run')}</a> ·
      ${about === 'sync' && html`<a href="${pathOf(master, 'decisions')}/${run}/rows">${say('保留した行をすべて見る', 'All rows that are held')}</a> ·`}
      ${startedBy !== null && html`${say('開始者', 'started by')} ${startedBy} ·`} ${say('期限', 'until')}
      ${time(master, until)}${say('（過ぎると反映されません）', ' (after that it is not written)')}
    </p>
    ${heldTable(visit, report.kind, report.held)}
    ${about === 'import' ? imported(visit, master, report) : sampleTable(visit, master, report.kind, held, names)}
    ${answers(visit, master, run, master.guards.approval_by_another && startedBy === visit.app.operator)}
  </section>`
}

function answers(visit: Visit, master: Master, run: number, own: boolean): Markup | undefined {
  const { say, user } = visit
  if (!mayAs(user.role, 'approver')) return undefined
  const path = `${pathOf(master, 'decisions')}/${run}`
  return html`${
      own &&
      html`<p class="notice">
        ${say(
          'ご自分で始めた実行のため、承認は別の人にお願いしてください。却下はできます。',
          'You started this run yourself: somebody else must approve it. You may reject it.',
        )}
      </p>`
    }
    <div class="fields">
      ${form(
        visit,
        `${path}/${own ? 'reject' : 'approve'}`,
        html`<label
            >${say('理由（記録に残ります）', 'Reason (is kept)')}
            <input name="reason" required maxlength="${REASON_CHARACTERS}" size="40" />
          </label>
          ${!own && html`<button>${say('承認する', 'Approve')}</button>`}
          <button class="danger" formaction="${path}/reject">${say('却下する', 'Reject')}</button>`,
      )}
    </div>
    <p class="small soft">
      ${say(
        '承認すると、表示したときのままの行だけを書き込みます。その後に変わった行は書き込みません。却下すると、同じ内容は再び尋ねません。',
        'What you approve is written as far as it is still as shown; rows that have changed since are not. What you reject is not asked again as long as it is the same.',
      )}
    </p>`
}
