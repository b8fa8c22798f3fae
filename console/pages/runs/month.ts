import type { Master } from '../../../core/master.js'
import { ROW_COUNTS, RUN_KINDS, type RunKind } from '../../../core/report.js'
import { KIND_WORDS } from '../../../core/run-words.js'
import { timezoneOf } from '../../../core/schedule-times.js'
import type { DayOfRuns, Month } from '../../../operations/month.js'
import { bytesText, count, secondsText } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'
import { questionLine } from '../decisions/asked.js'
import { monthFailures, monthNotable } from './month-runs.js'
import { rowWord } from './words.js'

/** What runs of a month did, what was held, who decided, what failed, what was proven. */
export function monthPage(visit: Visit, master: Master, month: string, found: Month): Markup {
  const { say } = visit
  const { days, questions } = found
  return html`${around(visit, master, month)}
    <p class="soft">${say(`時刻は ${timezoneOf(master)}。`, `Times are those of ${timezoneOf(master)}.`)}</p>
    ${totals(visit, days)} ${changes(visit, days)} ${byDay(visit, days)}
    <h2>${say('保留と判断', 'Held, and who decided')}</h2>
    ${
      questions.length === 0
        ? html`<p>${say('保留はありませんでした。', 'Nothing was held.')}</p>`
        : questions.map((question) => questionLine(visit, master, question))
    }
    ${monthFailures(visit, master, found)} ${monthNotable(visit, master, found)}`
}

function around({ say }: Visit, master: Master, month: string): Markup {
  const path = pathOf(master, 'runs')
  return html`<nav class="row noprint" aria-label="${say('月', 'Months')}">
    <a href="${path}">${say('実行の一覧へ', 'To the runs')}</a>
    <a href="${path}/month/${moved(month, -1)}">← ${moved(month, -1)}</a>
    <a href="${path}/month/${moved(month, 1)}">${moved(month, 1)} →</a>
    <span class="soft"
      >${say('印刷はブラウザーの印刷（Ctrl+P）で', 'To print, use the print function of the browser (Ctrl+P)')}</span
    >
  </nav>`
}

function moved(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7)
}

function totals({ say }: Visit, days: readonly DayOfRuns[]): Markup {
  const sum = (of: (day: DayOfRuns) => number): number => days.reduce((all, day) => all + of(day), 0)
  const figures = [
    [say('実行', 'Runs'), count(sum(({ runs }) => runs))],
    [say('失敗', 'Failed'), count(sum(({ failed }) => failed))],
    [say('取消', 'Cancelled'), count(sum(({ cancelled }) => cancelled))],
    [say('照合で一致', 'Proven equal'), count(sum(({ equal }) => equal))],
    [say('照合で不一致', 'Proven not equal'), count(sum(({ unequal }) => unequal))],
    [
      say('所要時間の合計', 'Time in all'),
      secondsText(
        say,
        sum(({ seconds }) => seconds),
      ),
    ],
    [say('通信量の合計', 'Traffic in all'), bytesText(sum(({ bytes }) => bytes))],
  ] as const
  return html`<h2>${say('合計', 'Totals')}</h2>
    <dl class="facts card">
      ${figures.map(
        ([word, figure]) =>
          html`<dt>${word}</dt>
            <dd>${figure}</dd>`,
      )}
    </dl>`
}

/** Only what was written: plans and verifications change nothing. */
function written(days: readonly DayOfRuns[]): readonly DayOfRuns[] {
  return days.filter(({ mode }) => mode === 'apply')
}

/** What stands at the close of a run, and not what it did, is not to be summed. */
const SUMMED = ROW_COUNTS.filter(
  (name) => !['unchanged', 'locked', 'held', 'altered', 'conflicts', 'rejected'].includes(name),
)

function changes({ say }: Visit, days: readonly DayOfRuns[]): Markup {
  const kinds = RUN_KINDS.map((kind) => ({ kind, days: written(days).filter((day) => day.kind === kind) }))
  const ran = kinds.filter((one) => one.days.length > 0)
  return html`<h2>${say('変更した行', 'Rows changed')}</h2>
    ${
      ran.length === 0
        ? html`<p>${say('変更はありませんでした。', 'Nothing was changed.')}</p>`
        : html`<div class="table">
            <table>
              <thead>
                <tr>
                  <th scope="col">${say('種類', 'Kind')}</th>
                  <th scope="col" class="number">${say('実行', 'Runs')}</th>
                  ${SUMMED.map((name) => html`<th scope="col" class="number">${rowWord(say, 'sync', name)}</th>`)}
                </tr>
              </thead>
              <tbody>
                ${ran.map(
                  (one) =>
                    html`<tr>
                      <th scope="row">${kindWord(say, one.kind)}</th>
                      <td class="number">${count(one.days.reduce((all, { runs }) => all + runs, 0))}</td>
                      ${SUMMED.map(
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

function byDay({ say }: Visit, days: readonly DayOfRuns[]): Markup | undefined {
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
    <div class="table">
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
