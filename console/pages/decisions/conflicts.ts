import type { Master } from '../../../core/master.js'
import type { ConflictPage, ShownConflict } from '../../../operations/seen-conflicts.js'
import { form } from '../../markup/form.js'
import { columnWord } from '../../markup/column-words.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { count, time } from '../../markup/format.js'
import { cellText } from '../runs/cell.js'
import { rowLink, type Names } from '../runs/sample.js'
import { queryOf } from '../../request/fields.js'
import { choices, forTicked } from './conflict-choices.js'

/** Values that both sides have changed, side by side, each with what can be taken. */
export function conflictsSection(visit: Visit, master: Master, page: ConflictPage, names: Names): Markup {
  const { say, user } = visit
  const { total, undecided, conflicts, next } = page
  const path = pathOf(master, 'decisions')
  const deciding = mayAs(user.role, 'approver')
  return html`<h2 id="conflicts">
      ${say(`競合 ${count(total)} 件（未決定 ${count(undecided)} 件）`, `Conflicts: ${count(total)}, of which ${count(undecided)} undecided`)}
    </h2>
    ${total === 0 && html`<p class="soft">${say('両側で変更された値はありません', 'No value was changed on both sides')}</p>`}
    ${
      conflicts.length > 0 &&
      html`<p>
        ${say(
          '元マスタとクラウドの両方で変更された値です。採る値を選ぶと、次の実行で反映します。',
          'Values that were changed on both sides. What you choose is applied by the next run.',
        )}
      </p>`
    }
    ${total > undecided && applyForm(visit, path, total - undecided)}
    ${
      conflicts.length > 0 &&
      html`<div class="table" tabindex="0" role="region" aria-label="${say('競合', 'Conflicts')}">
          <table>
            <thead>
              <tr>
                ${deciding && html`<th scope="col">${say('選択', 'Choose')}</th>`}
                <th scope="col">${say('行', 'Row')}</th>
                <th scope="col">${say('列', 'Column')}</th>
                <th scope="col">${say('以前の値', 'Base')}</th>
                <th scope="col">${say('元マスタ', 'On-prem')}</th>
                <th scope="col">${say('クラウド', 'Cloud')}</th>
                <th scope="col">${say('決定', 'Decision')}</th>
              </tr>
            </thead>
            <tbody>
              ${conflicts.map((one) => conflictRow(visit, master, one, names, deciding))}
            </tbody>
          </table>
        </div>
        ${deciding && forTicked(visit, path)}`
    }
    ${next !== undefined && html`<p><a href="${path}${queryOf({ after: next })}#conflicts">${say('次の競合へ', 'Next conflicts')}</a></p>`}`
}

function conflictRow(
  visit: Visit,
  master: Master,
  conflict: ShownConflict,
  names: Names,
  deciding: boolean,
): Markup {
  const { say } = visit
  const { id, column, base, base_known: known, source, cloud, found_at: at, cell } = conflict
  const name = `${names.get(id) ?? id} ${columnWord(say, column)}`
  return html`<tr>
    ${
      deciding &&
      html`<td>
        <input
          type="checkbox"
          name="cell"
          value="${cell}"
          form="ticked"
          aria-label="${say(`${name} を選択`, `Choose ${name}`)}"
        />
      </td>`
    }
    <td>${rowLink(master, id, names)}</td>
    <td>
      ${columnWord(say, column)}
      <div class="small soft">${time(master, at)}</div>
    </td>
    <td>
      ${known ? cellText(say, master, column, base) : html`<span class="soft">${say('不明', 'not known')}</span>`}
    </td>
    <td>${cellText(say, master, column, source)}</td>
    <td>${cellText(say, master, column, cloud)}</td>
    <td>${decision(visit, master, conflict)} ${deciding && choices(visit, master, conflict, name)}</td>
  </tr>`
}

function decision(
  { say }: Visit,
  master: Master,
  { column, decision: made }: ShownConflict,
): Markup | undefined {
  if (made === null) return undefined
  const taken = {
    source: say('元マスタ', 'on-prem'),
    cloud: say('クラウド', 'cloud'),
    value: cellText(say, master, column, made.value),
  }[made.take]
  return html`<p><span class="tag good">${taken}</span> ${made.by}</p>`
}

function applyForm(visit: Visit, path: string, decided: number): Markup | undefined {
  const { say, user } = visit
  if (!mayAs(user.role, 'editor')) return undefined
  return html`<div class="notice">
    ${say(`決定済み ${count(decided)} 件は、次の実行で反映します。`, `${count(decided)} are decided; the next run applies them.`)}
    ${form(visit, `${path}/conflicts/apply`, html`<button class="second">${say('すぐに反映する', 'Apply now')}</button>`)}
  </div>`
}
