import type { Master } from '../../../core/master.js'
import { QUESTION_WORDS } from '../../../core/plan-words.js'
import type { AskedOfMonth, Month } from '../../../operations/month.js'
import { count, time } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { runPath } from './list.js'
import { heldWord } from './words.js'

/** What was held for approval, and who decided how, when and why. */
export function monthQuestions(visit: Visit, master: Master, { questions }: Month): Markup {
  const { say } = visit
  return html`<h2>${say('保留と判断', 'Held, and who decided')}</h2>
    ${
      questions.length === 0
        ? html`<p>${say('保留はありませんでした。', 'Nothing was held.')}</p>`
        : html`<div
            class="table"
            tabindex="0"
            role="region"
            aria-label="${say('保留と判断', 'Held, and who decided')}"
          >
            <table>
              <thead>
                <tr>
                  <th scope="col" class="number">${say('番号', 'Run')}</th>
                  <th scope="col">${say('保留した行', 'Held')}</th>
                  <th scope="col">${say('判断', 'Decision')}</th>
                  <th scope="col">${say('判断した人', 'By')}</th>
                  <th scope="col">${say('日時', 'When')}</th>
                  <th scope="col">${say('理由', 'Reason')}</th>
                </tr>
              </thead>
              <tbody>
                ${questions.map((asked) => questionRow(visit, master, asked))}
              </tbody>
            </table>
          </div>`
    }`
}

function questionRow({ say }: Visit, master: Master, { question, held }: AskedOfMonth): Markup {
  const { run, about, state, expires_at: until, decided_by: by, decided_at: at, successor, reason } = question
  const { ja, en } = QUESTION_WORDS[state]
  return html`<tr>
    <td class="number"><a href="${runPath(master, run)}">${run}</a></td>
    <td>${held.map(({ kind, rows }) => html`<div>${heldWord(say, about, kind)} ${count(rows)}</div>`)}</td>
    <td>
      ${say<string>(ja, en)}
      ${successor !== null && html`→ <a href="${runPath(master, successor)}">${say(`実行 ${successor}`, `run ${successor}`)}</a>`}
    </td>
    <td>${by ?? '—'}</td>
    <td>
      ${at !== null && time(master, at)}
      ${state === 'open' && html`${say('期限', 'until')} ${time(master, until)}`}
    </td>
    <td>${reason}</td>
  </tr>`
}
