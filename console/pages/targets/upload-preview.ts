import { LIST_CHANGES, type ListChange } from '../../../core/list-changes.js'
import type { Master } from '../../../core/master.js'
import type { ListProblem, ReadTargets } from '../../../core/results.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import type { KeptList } from './kept-lists.js'
import { rowPath } from '../../markup/row-link.js'

const WOULD = {
  added: { ja: '追加', en: 'To be added' },
  changed: { ja: 'メモの変更', en: 'Notes to be changed' },
  removed: { ja: '削除', en: 'To be removed' },
} as const satisfies Readonly<Record<ListChange, { readonly ja: string; readonly en: string }>>

const PROBLEMS = {
  duplicate: { ja: '重複しています', en: 'stands there more than once' },
  unknown: { ja: '元マスタにありません（リストで待機）', en: 'not in the source: waits on the list' },
  number: {
    ja: '表計算ソフトで数値に変わり、桁が失われています',
    en: 'a spreadsheet made a number of it, and its digits are lost',
  },
  closed: { ja: '廃止されています', en: 'closed' },
  superseded: { ja: '差し替え済み、または差し替え待ちです', en: 'another id takes its place' },
  shrunk: { ja: '前回の半分未満です', en: 'less than half of what the file named before' },
} as const satisfies Readonly<Record<ListProblem['problem'], { readonly ja: string; readonly en: string }>>

/** What a person has seen: they agree to this and nothing else. */
export function seenCounts(found: ReadTargets): string {
  return LIST_CHANGES.map((what) => found[what].rows).join(' ')
}

/** What taking the list over would change, and what of it is to be looked at. */
export function uploadPreview(visit: Visit, master: Master, list: KeptList, found: ReadTargets): Markup {
  const { say } = visit
  const nothing = LIST_CHANGES.every((what) => found[what].rows === 0)
  return html`<p><strong>${list.name}</strong>: ${say(`${found.entries} 件`, `${found.entries} ids`)}</p>
    ${found.remarks.map((remark) => html`<p class="notice" lang="en">${remark}</p>`)}
    <div class="grid">
      ${LIST_CHANGES.map(
        (what) =>
          html`<div class="card">
            <div>${say<string>(WOULD[what].ja, WOULD[what].en)}</div>
            <div class="figure">${found[what].rows}</div>
            <ul class="small">
              ${found[what].sample
                .slice(0, SHOWN)
                .map(({ id, note }) => html`<li><span class="id">${id}</span> ${note}</li>`)}
              ${found[what].rows > SHOWN && html`<li>${say(`ほか ${found[what].rows - SHOWN} 件`, `and ${found[what].rows - SHOWN} more`)}</li>`}
            </ul>
          </div>`,
      )}
    </div>
    ${found.problems.length > 0 && problems(visit, master, found)}
    ${
      nothing
        ? html`<p class="done">${say('変更はありません。', 'There is nothing to change.')}</p>`
        : form(
            visit,
            `/${master.master}/targets/upload/apply`,
            html`<input type="hidden" name="ticket" value="${list.ticket}" />
              <input type="hidden" name="seen" value="${seenCounts(found)}" />
              <p><button>${say('この内容で反映', 'Take it over')}</button></p>`,
          )
    }`
}

const SHOWN = 10

function problems(
  { say }: Visit,
  master: Master,
  { problems: all, unknown, duplicates }: ReadTargets,
): Markup {
  return html`<div class="table">
    <table>
      <caption>
        ${say(
          `確認が必要な箇所（元マスタにない ${unknown} 件、重複 ${duplicates} 件）`,
          `To be looked at (${unknown} not in the source, ${duplicates} standing twice)`,
        )}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('行', 'Line')}</th>
          <th scope="col">${say('コード', 'Id')}</th>
          <th scope="col">${say('内容', 'What')}</th>
          <th scope="col">${say('もしかして・後継', 'Did you mean; successor')}</th>
        </tr>
      </thead>
      <tbody>
        ${all.map(
          ({ problem, id, line, did_you_mean: meant }) =>
            html`<tr>
              <td class="number">${line}</td>
              <td class="id">${id}</td>
              <td>${say<string>(PROBLEMS[problem].ja, PROBLEMS[problem].en)}</td>
              <td class="id">${meant !== null && html`<a href="${rowPath(master, meant)}">${meant}</a>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
