import type { Master } from '../../../core/master.js'
import { PLAN_KINDS } from '../../../core/plan.js'
import { ROW_COUNTS, type RunReport } from '../../../core/report.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'
import { rowPath } from '../../markup/row-link.js'
import { DONE, plannedWord, rowWord } from './words.js'

/** What happened to rows, and what was to be done with them and why. */
export function moved({ say }: Visit, report: RunReport): Markup {
  const { kind, mode, rows, planned } = report
  const counted = ROW_COUNTS.filter((name) => rows[name] > 0)
  const done = counted.filter((name) => DONE.includes(name))
  const others = counted.filter((name) => !DONE.includes(name))
  const causes = PLAN_KINDS.filter((one) => (planned[one] ?? 0) > 0)
  const heading = {
    apply: say('動いた行', 'What moved'),
    plan: say('反映すると動く行', 'What would move'),
    verify: say('相違のある行', 'What differs'),
  }[mode]
  return html`<h2>${heading}</h2>
    ${
      done.length === 0
        ? html`<p class="soft">${say('ありません', 'Nothing')}</p>`
        : html`<div class="grid figures">
            ${done.map(
              (name) =>
                html`<div class="card">
                  <div class="figure">${count(rows[name])}</div>
                  ${rowWord(say, kind, name)}
                </div>`,
            )}
          </div>`
    }
    ${others.length > 0 && html`<p class="soft">${others.map((name) => `${rowWord(say, kind, name)} ${count(rows[name])}`).join(' · ')}</p>`}
    ${
      causes.length > 0 &&
      html`<div class="table">
        <table>
          <caption>
            ${say('理由ごと（保留した行を含む）', 'By cause, with what was held')}
          </caption>
          <tbody>
            ${causes.map(
              (one) =>
                html`<tr>
                  <th scope="row">${plannedWord(say, one)}</th>
                  <td class="number">${count(planned[one] ?? 0)}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }`
}

/** Ids that need somebody's eye: not in the source, or not equal. */
export function doubtful({ say }: Visit, master: Master, report: RunReport): Markup {
  const { missing, missing_ids: sample, unequal_ids: unequal, uncopied, replaced } = report
  const link = (id: string): Markup => html`<a class="id" href="${rowPath(master, id)}">${id}</a>`
  return html`${
    missing > 0 &&
    html`<div class="warning">
      <p>
        ${say(
          `対象リストのうち ${count(missing)} 件が元マスタにありません。`,
          `${count(missing)} listed ids are not in the source.`,
        )}
      </p>
      <ul>
        ${sample.map(
          ({ id, did_you_mean: meant }) =>
            html`<li>
              <span class="id">${id}</span>
              ${meant !== null && html` → ${say('もしかして', 'did you mean')} ${link(meant)}${say('', '?')}`}
            </li>`,
        )}
      </ul>
    </div>`
  }
  ${
    unequal.length > 0 &&
    html`<div class="error">
      <p>${say('照合で一致しなかった行:', 'Rows that were not equal in the proof:')}</p>
      <p>${unequal.map((id) => html`${link(id)} `)}</p>
    </div>`
  }
  ${
    uncopied.length > 0 &&
    html`<div class="notice">
      <p>
        ${say(
          `元マスタにあってクラウドにない列: ${uncopied.join('、')}。コピーするには setup を実行してください。`,
          `Columns of the source that the cloud lacks: ${uncopied.join(', ')}. To copy them, run setup.`,
        )}
      </p>
    </div>`
  }
  ${
    replaced.ids > 0 &&
    html`<div class="notice">
      <p>${say(`コードの差替え: ${count(replaced.ids)} 件`, `Ids replaced: ${count(replaced.ids)}`)}</p>
      <ul>
        ${replaced.sample.map(({ old, new: next }) => html`<li>${link(old)} → ${link(next)}</li>`)}
      </ul>
    </div>`
  }`
}
