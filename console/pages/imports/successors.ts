import type { Master } from '../../../core/master.js'
import type { SearchColumns } from '../../../core/search-columns.js'
import { closedOnList, type Closed } from '../../../operations/closed-targets.js'
import type { SeenRow } from '../../../operations/seen-rows.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { nameOf, rowPath } from '../../markup/row-link.js'

const SHOWN = 100

/** Listed institutions that have closed, each with the one that may have taken its place. */
export async function successors(visit: Visit, master: Master): Promise<Markup> {
  const { say } = visit
  const found = await closedOnList(visit.app, master, SHOWN)
  if (found === undefined || found.closed.length === 0) return html``
  const { columns, closed, more } = found
  return html`<h2>
      ${say('廃止された対象と後継の候補', 'Closed institutions on the list, and what may have taken their place')}
    </h2>
    <div
      class="table"
      tabindex="0"
      role="region"
      aria-label="${say('廃止された対象', 'Closed institutions on the list')}"
    >
      <table>
        <thead>
          <tr>
            <th scope="col">${say('廃止', 'Closed')}</th>
            <th scope="col">${say('後継の候補', 'Successor')}</th>
            <th scope="col">${say('理由', 'Why')}</th>
            ${mayAs(visit.user.role, 'editor') && html`<th scope="col">${say('操作', 'Change')}</th>`}
          </tr>
        </thead>
        <tbody>
          ${closed.map((one) => line(visit, master, columns, one))}
        </tbody>
      </table>
    </div>
    ${more && html`<p class="soft">${say(`はじめの ${SHOWN} 件です。`, `The first ${SHOWN}.`)}</p>`}`
}

function line(
  visit: Visit,
  master: Master,
  columns: SearchColumns,
  { row, successor, reason }: Closed,
): Markup {
  const { say, user } = visit
  return html`<tr>
    <td>
      ${shortly(master, columns, row)}
      <div class="small soft">${row.closed}</div>
    </td>
    <td>
      ${successor === undefined ? html`<span class="soft">${say('見つかりません', 'none found')}</span>` : shortly(master, columns, successor)}
    </td>
    <td>${successor !== undefined && reasonWord(visit, reason)}</td>
    ${mayAs(user.role, 'editor') && html`<td>${successor !== undefined && html`<a class="button second" href="${replacePath(master, row.id, successor.id)}">${say('置き換え…', 'Replace…')}</a>`}</td>`}
  </tr>`
}

function replacePath(master: Master, from: string, to: string): string {
  return `${pathOf(master, 'imports')}/replace?${new URLSearchParams({ from, to }).toString()}`
}

/** What people call a row, and its id. */
function shortly(master: Master, columns: SearchColumns, row: SeenRow): Markup {
  return html`<a href="${rowPath(master, row.id)}">${nameOf(columns, row)}</a>
    <div class="small id">${row.id}</div>
    ${row.values?.['address'] !== undefined && html`<div class="small soft">${row.values['address']}</div>`}`
}

const REASONS: Readonly<Record<string, string>> = {
  'same address and name': '所在地と名称が同じ',
  'same address': '所在地が同じ',
  'same name in the prefecture': '同じ都道府県で名称が同じ',
}

function reasonWord({ say }: Visit, reason: string | null): Content {
  return reason === null ? false : say(REASONS[reason] ?? reason, reason)
}
