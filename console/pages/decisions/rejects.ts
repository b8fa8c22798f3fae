import type { Master } from '../../../core/master.js'
import type { Refused } from '../../../operations/questions.js'
import { columnWord } from '../../markup/column-words.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'
import { rowPath } from '../../markup/row-link.js'

/** Rows that the cloud refuses at present, with the server's own words. */
export function rejectsTable({ say }: Visit, master: Master, { total, rows }: Refused): Markup {
  return html`<div
    class="table"
    tabindex="0"
    role="region"
    aria-label="${say('拒否された行', 'Refused rows')}"
  >
    <table>
      <caption>
        ${say(
          `現在クラウドに拒否されている行（${count(total)} 件）。次の実行でまた試します。`,
          `Refused by the cloud at present (${count(total)}); the next run tries them again.`,
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('コード', 'Id')}</th>
          <th scope="col">SQLSTATE</th>
          <th scope="col">${say('列', 'Column')}</th>
          <th scope="col">${say('サーバーの説明', 'Message')}</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ({ id, sqlstate, column, message }) =>
            html`<tr>
              <td><a class="id" href="${rowPath(master, id)}">${id}</a></td>
              <td><code>${sqlstate}</code></td>
              <td>${column === null ? '—' : columnWord(say, column)}</td>
              <td lang="en">${message}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
