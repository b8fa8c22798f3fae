import type { Master } from '../../../core/master.js'
import { isWrite } from '../../../core/plan.js'
import type { SampleRow } from '../../../core/question.js'
import type { RunKind } from '../../../core/report.js'
import { columnWord } from '../../markup/column-words.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { rowPath } from '../../markup/row-link.js'
import { cellText } from './cell.js'
import { heldWord, plannedWord } from './words.js'

/** What people call rows, by id. */
export type Names = ReadonlyMap<string, string>

/** Some rows of what a run was to do, column by column: what the cloud has, and what the source. */
export function sampleTable(
  visit: Visit,
  master: Master,
  ran: RunKind,
  rows: readonly SampleRow[],
  names: Names,
): Markup | undefined {
  const { say } = visit
  if (rows.length === 0) return undefined
  return html`<div class="table" tabindex="0" role="region" aria-label="${say('行の例', 'Some of the rows')}">
    <table>
      <caption>
        ${say(
          '行の例。種類ごとに数行ずつ（クラウド → 元マスタ）',
          'Some of the rows, a few of each kind (cloud → source)',
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('行', 'Row')}</th>
          <th scope="col">${say('列', 'Column')}</th>
          <th scope="col">${say('変更前（クラウド）', 'Before (cloud)')}</th>
          <th scope="col">${say('変更後（元マスタ）', 'After (source)')}</th>
        </tr>
      </thead>
      ${rows.map(
        (row) =>
          html`<tbody>
            ${sampled(visit, master, ran, row, names)}
          </tbody>`,
      )}
    </table>
  </div>`
}

function sampled(
  { say }: Visit,
  master: Master,
  ran: RunKind,
  { id, kind, held, columns }: SampleRow,
  names: Names,
): Markup {
  const head = html`<td rowspan="${Math.max(1, columns.length)}">
    ${rowLink(master, id, names)}
    <div class="small">${plannedWord(say, kind)}</div>
    ${held !== null && html`<span class="tag warn">${say('保留', 'held')}: ${heldWord(say, ran, held)}</span>`}
  </td>`
  if (columns.length === 0)
    return html`<tr>
      ${head}
      <td colspan="3" class="soft">
        ${isWrite(kind) ? '—' : say('行がなくなります', 'the row goes as a whole')}
      </td>
    </tr>`
  return html`${columns.map(
    ({ column, cloud, source }, index) =>
      html`<tr>
        ${index === 0 && head}
        <td>${columnWord(say, column)}</td>
        <td>${cellText(say, master, column, cloud)}</td>
        <td>${cellText(say, master, column, source)}</td>
      </tr>`,
  )}`
}

/** A row by its name and id, leading to its page. */
export function rowLink(master: Master, id: string, names: Names): Markup {
  const name = names.get(id)
  return html`<a href="${rowPath(master, id)}">${name ?? html`<span class="id">${id}</span>`}</a>
    ${name !== undefined && html`<div class="small id">${id}</div>`}`
}
