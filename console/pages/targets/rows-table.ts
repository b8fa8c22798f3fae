import type { Master } from '../../../core/master.js'
import type { SearchColumns } from '../../../core/search-columns.js'
import type { SeenRow } from '../../../operations/seen-rows.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { columnWord, valueWord } from '../../markup/column-words.js'
import { nameOf, rowPath } from '../../markup/row-link.js'

export interface RowsTable {
  readonly caption: Content
  readonly columns: SearchColumns
  readonly rows: readonly SeenRow[]
  /** Whether rows can be ticked, and added or removed one by one: in a form. */
  readonly changeable: boolean
}

/** Rows with what tells them apart, and how they stand. */
export function rowsTable(visit: Visit, master: Master, table: RowsTable): Markup {
  const { say, user } = visit
  const { caption, columns, rows } = table
  const changeable = table.changeable && mayAs(user.role, 'editor')
  return html`<div class="table stacked">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${changeable && html`<th scope="col">${say('選択', 'Choose')}</th>`}
          <th scope="col">${say('名称とコード', 'Name and id')}</th>
          <th scope="col">${say('見分ける情報', 'Told apart by')}</th>
          <th scope="col">${say('対象リスト', 'Target list')}</th>
          <th scope="col">${say('クラウド', 'Cloud')}</th>
          ${changeable && html`<th scope="col">${say('操作', 'Change')}</th>`}
        </tr>
      </thead>
      <tbody>
        ${rows.map((row) => rowOf(visit, master, columns, row, changeable))}
      </tbody>
    </table>
  </div>`
}

function rowOf(
  visit: Visit,
  master: Master,
  columns: SearchColumns,
  row: SeenRow,
  changeable: boolean,
): Markup {
  const { say } = visit
  const { id, listed, inCloud } = row
  const name = nameOf(columns, row)
  return html`<tr>
    ${
      changeable &&
      html`<td>
        <input
          type="checkbox"
          name="id"
          value="${id}"
          aria-label="${say(`${name} を選択`, `Choose ${name}`)}"
        />
      </td>`
    }
    <td>${identity(visit, master, columns, row)}</td>
    <td>${details(visit, master, columns, row)}</td>
    <td data-label="${say('対象リスト', 'Target list')}">
      ${listed === undefined && html`<span class="soft">${say('未登録', 'Not listed')}</span>`}
      ${listed !== undefined && html`<span class="tag good">${say('登録済み', 'Listed')}</span>`}
      ${listed !== undefined && listed.note !== null && html`<div class="small">${listed.note}</div>`}
    </td>
    <td data-label="${say('クラウド', 'Cloud')}">${cloudTag(visit, inCloud)}</td>
    ${changeable && html`<td>${changeButton(visit, master, row, name)}</td>`}
  </tr>`
}

function identity({ say }: Visit, master: Master, columns: SearchColumns, row: SeenRow): Markup {
  const { id, values } = row
  const kana = values?.['name_kana'] ?? null
  return html`<a href="${rowPath(master, id)}">${nameOf(columns, row)}</a>
    ${kana !== null && columns.show.includes('name_kana') && html`<div class="small soft">${kana}</div>`}
    <div class="small id">${id}</div>
    ${values === null && html`<span class="tag warn">${say('元マスタにありません', 'Not in the source')}</span>`}`
}

function details({ say }: Visit, master: Master, columns: SearchColumns, row: SeenRow): Markup {
  const { values, closed, successor } = row
  const shown = columns.show
    .slice(1)
    .filter((column) => column !== 'name_kana' && (values?.[column] ?? null) !== null)
  return html`${shown.map(
    (column) =>
      html`<div>
        <span class="small soft">${columnWord(say, column)}</span>
        ${valueWord(say, column, values?.[column] ?? '')}
      </div>`,
  )}
  ${
    closed !== null &&
    html`<div>
      <span class="tag warn">${say(`${closed} 廃止`, `Closed on ${closed}`)}</span>
      ${
        successor !== null &&
        html`${say('後継', 'Successor')}: <a class="id" href="${rowPath(master, successor)}">${successor}</a>`
      }
    </div>`
  }`
}

export function cloudTag({ say }: Visit, inCloud: boolean | undefined): Markup {
  if (inCloud === undefined) return html`<span class="tag warn">${say('確認できません', 'Not known')}</span>`
  return inCloud
    ? html`<span class="tag good">${say('あり', 'There')} ✓</span>`
    : html`<span class="soft">${say('なし', 'Not there')}</span>`
}

function changeButton({ say }: Visit, { master }: Master, { id, listed }: SeenRow, name: string): Markup {
  return listed === undefined
    ? html`<button
        name="one"
        value="${id}"
        formaction="/${master}/targets/add"
        aria-label="${say(`${name} を追加`, `Add ${name}`)}"
      >
        ${say('追加', 'Add')}
      </button>`
    : html`<button
        class="second"
        name="one"
        value="${id}"
        formaction="/${master}/targets/remove"
        aria-label="${say(`${name} を削除`, `Remove ${name}`)}"
      >
        ${say('削除', 'Remove')}
      </button>`
}
