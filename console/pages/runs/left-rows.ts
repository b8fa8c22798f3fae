import { LEFT_REASONS } from '../../../core/history.js'
import type { Master } from '../../../core/master.js'
import type { RunDetail } from '../../../operations/runs.js'
import { columnWord } from '../../markup/column-words.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { cellText } from './cell.js'
import { rowLink, type Names } from './sample.js'

/** Of an undo: what it let be. */
export function leftRows(
  { say }: Visit,
  master: Master,
  { left }: RunDetail,
  names: Names,
): Markup | undefined {
  if (left.length === 0) return undefined
  return html`<h2>${say('取り消さなかった行', 'Not taken back')}</h2>
    <div class="table" tabindex="0" role="region" aria-label="${say('取り消さなかった行', 'Not taken back')}">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('行', 'Row')}</th>
            <th scope="col">${say('理由', 'Why')}</th>
            <th scope="col">${say('今の値', 'What is there')}</th>
          </tr>
        </thead>
        <tbody>
          ${left.map(
            ({ id, why, columns }) =>
              html`<tr>
                <td>${rowLink(master, id, names)}</td>
                <td>${say<string>(LEFT_REASONS[why].ja, LEFT_REASONS[why].en)}</td>
                <td>
                  ${columns.map(
                    ({ column, found, wanted }) =>
                      html`<div>
                        ${columnWord(say, column)}: ${cellText(say, master, column, found)}
                        (${say('以前は', 'was')} ${cellText(say, master, column, wanted)})
                      </div>`,
                  )}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}
