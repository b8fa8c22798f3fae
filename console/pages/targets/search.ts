import type { FastifyInstance } from 'fastify'
import type { Master } from '../../../core/master.js'
import type { SearchColumns } from '../../../core/search-columns.js'
import { searchRows, type FoundRows } from '../../../operations/search.js'
import { form } from '../../markup/form.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { send, sendPage } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { one, queryOf } from '../../request/fields.js'
import { rowsTable } from './rows-table.js'
import { choicesOf, columnWord, valueWord } from '../../markup/column-words.js'

const SHOWN = 20

/** What was asked, by the names of the fields. */
type Asked = Readonly<Record<string, string | undefined>>

/** Rows of the source by part of a name, while one types. */
export function searchPage(server: FastifyInstance): void {
  server.get('/:master/targets/search', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const found = await search(visit, master, request.query)
    if (visit.partial) return send(reply, foundRows(visit, master, found))
    return sendPage(reply, visit, {
      title: visit.say('対象を探す', 'Look for targets'),
      master,
      section: 'targets',
      body: html`${searchBox(visit, master, found)} ${foundRows(visit, master, found)}
        <p>
          <a href="/${master.master}/targets">${visit.say('対象リストを見る', 'To the target list')}</a>
        </p>`,
    })
  })
}

export interface Searched extends FoundRows {
  readonly asked: Asked
}

export async function search({ app }: Visit, master: Master, query: unknown): Promise<Searched> {
  const q = one(query, 'q')
  const chosen = Object.fromEntries(
    (master.search?.filters ?? FILTERS).flatMap((column) => {
      const value = one(query, column)
      return value === undefined ? [] : [[column, value]]
    }),
  )
  const behind = one(query, 'behind')
  const found = await searchRows(app, master, { text: q ?? '', chosen, behind, limit: SHOWN })
  return { ...found, asked: { q, ...chosen } }
}

const FILTERS = ['prefecture_code', 'institution_type']

/** Whatever is typed or chosen is looked for at once; without scripts by its button. */
export function searchBox({ say }: Visit, master: Master, { asked, columns }: Searched): Markup {
  const path = `/${master.master}/targets/search`
  return html`<form
    class="fields"
    role="search"
    method="get"
    action="${path}"
    hx-get="${path}"
    hx-trigger="input delay:200ms, submit"
    hx-target="#found"
    hx-swap="outerHTML"
    hx-sync="this:replace"
  >
    <label
      >${say('名称、かな、所在地、コードの一部', 'Part of a name, reading, address or id')}
      <input type="search" name="q" value="${asked['q']}" autocomplete="off" maxlength="100" autofocus />
    </label>
    ${filters(say, columns, asked)}
    <button>${say('探す', 'Search')}</button>
  </form>`
}

function filters(say: Visit['say'], { filters: columns }: SearchColumns, asked: Asked): Content {
  return columns.map((column) => {
    const choices = choicesOf(column)
    const value = asked[column]
    return html`<label
      >${columnWord(say, column)}
      ${
        choices === undefined
          ? html`<input name="${column}" value="${value}" maxlength="100" />`
          : html`<select name="${column}">
              <option value="">${say('すべて', 'All')}</option>
              ${choices.map(
                (choice) =>
                  html`<option value="${choice}" ${choice === value && html`selected`}>
                    ${valueWord(say, column, choice)}
                  </option>`,
              )}
            </select>`
      }
    </label>`
  })
}

export function foundRows(visit: Visit, master: Master, found: Searched): Markup {
  const { say } = visit
  const { rows, next, asked } = found
  const isAsked = Object.values(asked).some((value) => value !== undefined)
  const more = next !== undefined && `/${master.master}/targets/search${queryOf({ ...asked, behind: next })}`
  return html`<div id="found">
    <p class="small soft" role="status">
      ${isAsked && (rows.length === 0 ? say('見つかりません', 'Nothing is found') : count(visit, rows.length, next))}
    </p>
    ${
      rows.length > 0 &&
      form(
        visit,
        `/${master.master}/targets/add`,
        html`${adding(visit, found)}
        ${rowsTable(visit, master, {
          caption: say('見つかった行', 'Rows that were found'),
          columns: found.columns,
          rows,
          changeable: true,
        })}`,
      )
    }
    ${more !== false && html`<p><a href="${more}">${say('続きを見る', 'More')}</a></p>`}
  </div>`
}

function count({ say }: Visit, rows: number, next: string | undefined): string {
  return next === undefined
    ? say(`${rows} 件見つかりました`, `${rows} found`)
    : say(`${rows} 件まで表示しています`, `The first ${rows} are shown`)
}

/** Before the rows: Enter in the note takes those that are ticked. */
function adding({ say, user }: Visit, { notes }: Searched): Content {
  if (!mayAs(user.role, 'editor')) return false
  return html`<div class="fields">
    ${
      notes &&
      html`<label
        >${say('メモ（追加する行に付けます）', 'Note, for the rows that are added')}
        <input name="note" maxlength="500" autocomplete="off" />
      </label>`
    }
    <button class="second">${say('選択した行を追加', 'Add those chosen')}</button>
  </div>`
}
