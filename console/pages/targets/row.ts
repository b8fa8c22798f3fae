import type { FastifyInstance } from 'fastify'
import type { Master } from '../../../core/master.js'
import { wholeRow, type SideBySide, type WholeRow } from '../../../operations/row.js'
import { form } from '../../markup/form.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { sendPage } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { nameOf, rowPath } from '../../markup/row-link.js'
import { cloudTag } from './rows-table.js'
import { columnWord, valueWord } from '../../markup/column-words.js'
import { rowHistory } from './row-history.js'

/** One row as both sides have it, and what became of it. */
export function rowPages(server: FastifyInstance): void {
  server.get<{ Params: { id: string } }>('/:master/rows/:id', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const whole = await wholeRow(visit.app, master, request.params.id)
    return sendPage(reply, visit, {
      title: nameOf(whole.columns, whole.row),
      master,
      section: 'targets',
      body: html`${standing(visit, master, whole)} ${cells(visit, whole)} ${conflicts(visit, master, whole)}
      ${rowHistory(visit, master, whole)}`,
    })
  })
}

function standing(visit: Visit, master: Master, { row }: WholeRow): Markup {
  const { say, user } = visit
  const { id, listed, inCloud, closed, successor } = row
  const what = listed === undefined ? 'add' : 'remove'
  return html`<dl class="facts">
      <dt>${say('コード', 'Id')}</dt>
      <dd class="id">${id}</dd>
      <dt>${say('対象リスト', 'Target list')}</dt>
      <dd>
        ${listed === undefined ? say('未登録', 'Not listed') : html`<span class="tag good">${say('登録済み', 'Listed')}</span> ${listed.note}`}
      </dd>
      <dt>${say('クラウド', 'Cloud')}</dt>
      <dd>${cloudTag(visit, inCloud)}</dd>
      ${
        closed !== null &&
        html`<dt>${say('廃止', 'Closed')}</dt>
          <dd>
            ${closed}
            ${successor !== null && html`${say('後継', 'Successor')}: <a href="${rowPath(master, successor)}">${successor}</a>`}
          </dd>`
      }
    </dl>
    ${
      mayAs(user.role, 'editor') &&
      form(
        visit,
        `/${master.master}/targets/${what}`,
        html`<p>
          <button name="one" value="${id}" ${what === 'remove' && html`class="second"`}>
            ${what === 'add' ? say('リストに追加', 'Put it on the list') : say('リストから削除', 'Take it off the list')}
          </button>
        </p>`,
      )
    }`
}

const POLICIES = {
  key: { ja: 'キー', en: 'key' },
  overwrite: { ja: '元に合わせる', en: 'kept equal' },
  keep_edits: { ja: 'クラウドの編集を残す', en: 'edits in the cloud stay' },
  fill_empty: { ja: '空のときだけ書く', en: 'written while empty' },
  insert_only: { ja: '新しい行にだけ書く', en: 'written with a new row' },
  cloud: { ja: 'クラウドだけの列', en: "the cloud's own" },
} as const satisfies Readonly<Record<SideBySide['policy'], { readonly ja: string; readonly en: string }>>

function cells({ say }: Visit, { cells: all }: WholeRow): Markup {
  const cell = (column: string, value: string | null | undefined): Content =>
    value === undefined || value === null ? html`<span class="soft">–</span>` : valueWord(say, column, value)
  return html`<h2>${say('オンプレとクラウド', 'On-prem and cloud')}</h2>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('列', 'Column')}</th>
            <th scope="col">${say('オンプレ', 'On-prem')}</th>
            <th scope="col">${say('クラウド', 'Cloud')}</th>
            <th scope="col">${say('扱い', 'Policy')}</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(({ column, policy, source, cloud }) => {
            const differs = source !== undefined && cloud !== undefined && source !== cloud
            return html`<tr>
              <th scope="row">${columnWord(say, column)}</th>
              <td>${cell(column, source)}</td>
              <td>
                ${cell(column, cloud)}
                ${differs && html`<span class="tag warn">${say('違い', 'Differs')}</span>`}
              </td>
              <td class="small soft">${say<string>(POLICIES[policy].ja, POLICIES[policy].en)}</td>
            </tr>`
          })}
        </tbody>
      </table>
    </div>`
}

function conflicts({ say }: Visit, { master }: Master, { story }: WholeRow): Content {
  const open = story?.conflicts ?? []
  return (
    open.length > 0 &&
    html`<p class="warning">
      ${say('競合があります', 'There are conflicts')}: ${open.map(({ column }) => column).join(', ')}
      <a href="/${master}/decisions">${say('判断する', 'Decide')}</a>
    </p>`
  )
}
