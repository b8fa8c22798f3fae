import { RUN_KINDS, type RunKind } from '../../../core/report.js'
import { KIND_WORDS } from '../../../core/run-words.js'
import type { DayOfRuns } from '../../../operations/month.js'
import { count } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { DONE, rowWord } from './words.js'

/** Only what was written: plans and verifications change nothing. */
function written(days: readonly DayOfRuns[]): readonly DayOfRuns[] {
  return days.filter(({ mode }) => mode === 'apply')
}

/** What was written, by what wrote it. */
export function monthChanges({ say }: Visit, days: readonly DayOfRuns[]): Markup {
  const kinds = RUN_KINDS.map((kind) => ({ kind, days: written(days).filter((day) => day.kind === kind) }))
  const ran = kinds.filter((one) => one.days.length > 0)
  return html`<h2>${say('変更した行', 'Rows changed')}</h2>
    ${
      ran.length === 0
        ? html`<p>${say('変更はありませんでした。', 'Nothing was changed.')}</p>`
        : html`<div
            class="table"
            tabindex="0"
            role="region"
            aria-label="${say('変更した行', 'Rows changed')}"
          >
            <table>
              <thead>
                <tr>
                  <th scope="col">${say('種類', 'Kind')}</th>
                  <th scope="col" class="number">${say('実行', 'Runs')}</th>
                  ${DONE.map((name) => html`<th scope="col" class="number">${rowWord(say, 'sync', name)}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${ran.map(
                  (one) =>
                    html`<tr>
                      <th scope="row">${kindWord(say, one.kind)}</th>
                      <td class="number">${count(one.days.reduce((all, { runs }) => all + runs, 0))}</td>
                      ${DONE.map(
                        (name) =>
                          html`<td class="number">
                            ${count(one.days.reduce((all, { rows }) => all + rows[name], 0))}
                          </td>`,
                      )}
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
    ${
      kinds.some(({ kind, days: those }) => kind === 'import' && those.length > 0) &&
      html`<p class="small soft">
        ${say('取り込みの「削除印」は、廃止とした行です。', 'Of imports, marked are rows that were closed.')}
      </p>`
    }`
}

function kindWord(say: Visit['say'], kind: RunKind): string {
  const { ja, en } = KIND_WORDS[kind]
  return say<string>(ja, en)
}

/** The same, day by day. */
export function monthDays({ say }: Visit, days: readonly DayOfRuns[]): Markup | undefined {
  const all = written(days)
  const dates = [...new Set(all.map(({ day }) => day))]
  if (dates.length === 0) return undefined
  const columns = [
    [say('実行', 'Runs'), ({ runs }) => runs],
    [say('追加', 'Inserted'), ({ rows }) => rows.inserted + rows.restored],
    [say('更新', 'Updated'), ({ rows }) => rows.updated + rows.adopted],
    [say('削除・廃止', 'Removed, closed'), ({ rows }) => rows.removed + rows.marked],
    [say('失敗', 'Failed'), ({ failed }) => failed],
    [say('一致', 'Equal'), ({ equal }) => equal],
  ] as const satisfies readonly (readonly [string, (day: DayOfRuns) => number])[]
  return html`<h2>${say('日ごと', 'By day')}</h2>
    <div class="table" tabindex="0" role="region" aria-label="${say('日ごと', 'By day')}">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('日', 'Day')}</th>
            ${columns.map(([word]) => html`<th scope="col" class="number">${word}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${dates.map(
            (date) =>
              html`<tr>
                <th scope="row" class="id">${date}</th>
                ${columns.map(
                  ([, of]) =>
                    html`<td class="number">
                      ${count(all.filter(({ day }) => day === date).reduce((sum, day) => sum + of(day), 0))}
                    </td>`,
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}
