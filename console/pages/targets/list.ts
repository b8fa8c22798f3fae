import type { Master } from '../../../core/master.js'
import { searchList, type FoundEntries } from '../../../operations/search.js'
import { form } from '../../markup/form.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { one, queryOf, words } from '../../request/fields.js'
import { rowsTable } from './rows-table.js'

const SHOWN = 50
const SORTS = ['id', 'id_down', 'note', 'note_down'] as const
type Sort = (typeof SORTS)[number]

export interface ListedPage extends FoundEntries {
  readonly part: string
  readonly sort: Sort
  readonly isFirst: boolean
}

/** A page of the list, as the query asks. */
export async function listed({ app }: Visit, master: Master, query: unknown): Promise<ListedPage> {
  const part = words(query, 'part') ?? ''
  const asked = one(query, 'sort')
  const sort = SORTS.find((name) => name === asked) ?? 'id'
  const id = one(query, 'behind')
  const found = await searchList(app, master, {
    part,
    by: sort.startsWith('note') ? 'note' : 'id',
    down: sort.endsWith('down'),
    behind: id === undefined ? undefined : { id, note: words(query, 'behind_note') ?? null },
    limit: SHOWN,
  })
  return { ...found, part, sort, isFirst: id === undefined }
}

export function listSection(visit: Visit, master: Master, page: ListedPage): Markup {
  const { say } = visit
  const { part, sort, rows, total, next } = page
  const path = `/${master.master}/targets`
  const more =
    next !== undefined &&
    `${path}${queryOf({ part, sort, behind: next.id, behind_note: next.note ?? '' })}#list`
  return html`<h2 id="list">${say('対象リスト', 'Target list')}</h2>
    <form class="fields" method="get" action="${path}#list">
      <label
        >${say('コードかメモの一部', 'Part of an id or a note')}
        <input type="search" name="part" value="${part}" maxlength="100" />
      </label>
      <label
        >${say('並び順', 'Order')}
        <select name="sort">
          ${SORTS.map(
            (name) =>
              html`<option value="${name}" ${name === sort && html`selected`}>
                ${sortWord(visit, name)}
              </option>`,
          )}
        </select>
      </label>
      <button class="second">${say('絞り込む', 'Filter')}</button>
    </form>
    ${form(
      visit,
      `${path}/remove`,
      html`${rows.length > 0 && removing(visit)}
      ${rowsTable(visit, master, {
        caption: say(`${total.toLocaleString('ja')} 件`, `${total.toLocaleString('en')} ids`),
        columns: page.columns,
        rows,
        changeable: true,
      })}`,
    )}
    <p class="row">
      ${!page.isFirst && html`<a href="${path}${queryOf({ part, sort })}#list">${say('最初から', 'From the first')}</a>`}
      ${more !== false && html`<a href="${more}">${say('次のページ', 'Next page')}</a>`}
    </p>`
}

function sortWord({ say }: Visit, sort: Sort): string {
  switch (sort) {
    case 'id':
      return say('コード順', 'By id')
    case 'id_down':
      return say('コードの逆順', 'By id, downwards')
    case 'note':
      return say('メモ順', 'By note')
    case 'note_down':
      return say('メモの逆順', 'By note, downwards')
  }
}

function removing({ say, user }: Visit): Content {
  if (!mayAs(user.role, 'editor')) return false
  return html`<p>
    <button class="second">${say('選択した行をリストから削除', 'Take those chosen off the list')}</button>
  </p>`
}
