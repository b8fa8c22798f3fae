import type { Master } from '../../../core/master.js'
import type { Pasted, PastedId, PastedState } from '../../../operations/targets/paste.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { nameOf, rowPath } from '../../markup/row-link.js'

const STATES = {
  good: { ja: '追加できます', en: 'can be added' },
  listed: { ja: '登録済み', en: 'listed already' },
  meant: { ja: '見つかりません。もしかして', en: 'not found; did you mean' },
  closed: { ja: '廃止されています', en: 'closed' },
  number: {
    ja: '表計算ソフトで数値に変わり、桁が失われています',
    en: 'a spreadsheet made a number of it, and its digits are lost',
  },
  unknown: { ja: '元マスタにありません', en: 'not in the source' },
  invalid: { ja: 'コードとして読めません', en: 'cannot be read as an id' },
} as const satisfies Readonly<Record<PastedState, { readonly ja: string; readonly en: string }>>

/** What of a pasted column can be added, and what is to be looked at. */
export function pastedPreview(visit: Visit, master: Master, pasted: Pasted): Markup {
  const { say } = visit
  const { ids, again, notes } = pasted
  const good = ids.filter(({ state }) => state === 'good')
  const doubtful = ids.filter(({ state }) => state !== 'good' && state !== 'listed')
  const corrections = doubtful.filter(isCorrectable)
  return html`<ul class="counts">
      ${(Object.keys(STATES) as PastedState[]).map((state) => {
        const count = ids.filter((id) => id.state === state).length
        return (
          count > 0 &&
          html`<li>${say<string>(STATES[state].ja, STATES[state].en)}: <strong>${count}</strong></li>`
        )
      })}
      ${again > 0 && html`<li>${say('重複（1 回だけ使います）', 'standing there again')}: <strong>${again}</strong></li>`}
    </ul>
    ${form(
      visit,
      `/${master.master}/targets/paste/add`,
      html`<textarea name="good" hidden>${good.map(({ typed }) => typed).join('\n')}</textarea>
        ${doubtful.length > 0 && doubtfulTable(visit, master, pasted, doubtful)}
        ${
          notes &&
          html`<p>
            <label
              >${say('メモ（追加する行に付けます）', 'Note, for the rows that are added')}
              <input name="note" maxlength="500" autocomplete="off" />
            </label>
          </p>`
        }
        <p class="row">
          ${good.length > 0 && html`<button name="take" value="good">${say(`正しい ${good.length} 件を追加`, `Add the ${good.length} good ones`)}</button>`}
          ${
            corrections.length > 0 &&
            html`<button name="take" value="all" class="second">
              ${say(`正しい ${good.length} 件と、選択した候補を追加`, `Add the ${good.length} good ones and those chosen instead`)}
            </button>`
          }
        </p>`,
    )}`
}

/** Of another row that is not listed yet. */
function isCorrectable({ instead, row }: PastedId): boolean {
  return instead !== null && row?.values != null && row.listed === undefined
}

function doubtfulTable(
  { say }: Visit,
  master: Master,
  { columns }: Pasted,
  doubtful: readonly PastedId[],
): Markup {
  return html`<div class="table stacked">
    <table>
      <caption>
        ${say('確認が必要な行', 'To be looked at')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('行', 'Line')}</th>
          <th scope="col">${say('貼り付けた値', 'As pasted')}</th>
          <th scope="col">${say('状態', 'State')}</th>
          <th scope="col">${say('代わりの候補', 'Instead')}</th>
        </tr>
      </thead>
      <tbody>
        ${doubtful.map((pasted) => {
          const { line, typed, state, instead, row } = pasted
          return html`<tr>
            <td class="number" data-label="${say('行', 'Line')}">${line}</td>
            <td class="id" data-label="${say('貼り付けた値', 'As pasted')}">${typed}</td>
            <td>${say<string>(STATES[state].ja, STATES[state].en)}</td>
            <td>
              ${
                isCorrectable(pasted) &&
                html`<label class="tick">
                  <input type="checkbox" name="id" value="${instead}" ${state === 'meant' && html`checked`} />
                  <span class="id">${instead}</span>
                </label>`
              }
              ${instead !== null && row !== undefined && html`<a href="${rowPath(master, instead)}">${nameOf(columns, row)}</a>`}
              ${instead !== null && row?.listed !== undefined && html`<span class="tag good">${say('登録済み', 'Listed')}</span>`}
            </td>
          </tr>`
        })}
      </tbody>
    </table>
  </div>`
}
