import { HISTORY_WORDS } from '../../../core/history.js'
import type { Master } from '../../../core/master.js'
import type { SeenUndoable } from '../../../operations/undo.js'
import { columnWord } from '../../markup/column-words.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { cellText } from './cell.js'
import { rowLink, type Names } from './sample.js'

/** Some rows of what an undo would take back, column by column: what the run wrote, and what comes back. */
export function undoSample(
  visit: Visit,
  master: Master,
  rows: readonly SeenUndoable[],
  names: Names,
): Markup | undefined {
  const { say } = visit
  if (rows.length === 0) return undefined
  return html`<div class="table" tabindex="0" role="region" aria-label="${say('行の例', 'Some of the rows')}">
    <table>
      <caption>
        ${say('行の例。種類ごとに数行ずつ', 'Some of the rows, a few of each kind')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('行', 'Row')}</th>
          <th scope="col">${say('列', 'Column')}</th>
          <th scope="col">${say('この実行が書いた値', 'What the run wrote')}</th>
          <th scope="col">${say('取り消すと戻る値', 'What comes back')}</th>
        </tr>
      </thead>
      ${rows.map(
        (row) =>
          html`<tbody>
            ${undoRow(visit, master, row, names)}
          </tbody>`,
      )}
    </table>
  </div>`
}

function undoRow(
  { say }: Visit,
  master: Master,
  { id, kind, before, after }: SeenUndoable,
  names: Names,
): Markup {
  const whole = before === null || after === null
  const columns = whole ? [] : Object.keys(before).filter((column) => before[column] !== after[column])
  const head = html`<td rowspan="${Math.max(1, columns.length)}">
    ${rowLink(master, id, names)}
    <div class="small">${say<string>(HISTORY_WORDS[kind], kind)}</div>
  </td>`
  if (columns.length === 0)
    return html`<tr>
      ${head}
      <td colspan="3" class="soft">${whole && wholeRow(say, before === null)}</td>
    </tr>`
  return html`${columns.map(
    (column, index) =>
      html`<tr>
        ${index === 0 && head}
        <td>${columnWord(say, column)}</td>
        <td>${cellText(say, master, column, after?.[column] ?? null)}</td>
        <td>${cellText(say, master, column, before?.[column] ?? null)}</td>
      </tr>`,
  )}`
}

function wholeRow(say: Visit['say'], isNew: boolean): string {
  return isNew
    ? say('行がなくなります', 'the row goes as a whole')
    : say('行が戻ります', 'the row comes back as a whole')
}
