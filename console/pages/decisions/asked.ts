import { causeWords } from '../../../core/held-causes.js'
import type { Master } from '../../../core/master.js'
import { QUESTION_WORDS } from '../../../core/plan-words.js'
import type { Held, Question } from '../../../core/question.js'
import type { RunKind } from '../../../core/report.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'
import { count, time } from '../../markup/format.js'
import { runPath } from '../runs/list.js'
import { heldWord } from '../runs/words.js'

/** What was held back, and which limit stopped it. */
export function heldTable({ say }: Visit, ran: RunKind, held: readonly Held[]): Markup {
  return html`<div class="table">
    <table>
      <caption>
        ${say('保留した変更', 'Held back')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('変更', 'Change')}</th>
          <th scope="col" class="number">${say('行数', 'Rows')}</th>
          <th scope="col">${say('保留の理由', 'Why')}</th>
        </tr>
      </thead>
      <tbody>
        ${held.map(
          ({ kind, rows, causes }) =>
            html`<tr>
              <th scope="row">${heldWord(say, ran, kind)}</th>
              <td class="number">${count(rows)}</td>
              <td>
                ${causes.map((cause) => {
                  const { ja, en } = causeWords(cause)
                  return html`<div>${say(ja, en)}</div>`
                })}
              </td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** What became of a question: who decided, when and why. */
export function questionLine({ say }: Visit, master: Master, question: Question): Markup {
  const { run, state, expires_at: until, decided_by: by, decided_at: at, successor, reason } = question
  const { ja, en } = QUESTION_WORDS[state]
  return html`<p class="${state === 'open' ? 'warning' : 'notice'}">
    <a href="${runPath(master, run)}">${say(`実行 ${run}`, `Run ${run}`)}</a>:
    <strong>${say<string>(ja, en)}</strong>
    ${state === 'open' && html`(${say('期限', 'until')} ${time(master, until)})`}
    ${by !== null && html`· ${by}`} ${at !== null && time(master, at)}
    ${by !== null && reason !== null && html`「${reason}」`}
    ${successor !== null && html`→ <a href="${runPath(master, successor)}">${say(`実行 ${successor}`, `run ${successor}`)}</a>`}
    ${state === 'open' && html`· <a href="${pathOf(master, 'decisions')}">${say('判断する', 'Decide')}</a>`}
  </p>`
}
