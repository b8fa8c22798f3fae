import type { Master } from '../../../core/master.js'
import { timezoneOf } from '../../../core/schedule-times.js'
import type { DayOfRuns, Month } from '../../../operations/month.js'
import { bytesText, count, secondsText, time } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'
import { monthChanges, monthDays } from './month-changes.js'
import { monthQuestions } from './month-questions.js'
import { monthFailures, monthNotable } from './month-runs.js'

/** What runs of a month did, what was held, who decided, what failed, what was proven. */
export function monthPage(visit: Visit, master: Master, month: string, found: Month): Markup {
  const { say } = visit
  const zone = timezoneOf(master)
  return html`${around(visit, master, month)}
    <p class="soft">
      ${say('作成', 'Made')} ${time(master, new Date().toISOString())} ·
      ${say(`時刻は ${zone} です。`, `Times are those of ${zone}.`)}
    </p>
    ${totals(visit, found.days)} ${monthChanges(visit, found.days)} ${monthDays(visit, found.days)}
    ${monthQuestions(visit, master, found)} ${monthFailures(visit, master, found)}
    ${monthNotable(visit, master, found)}`
}

function around({ say }: Visit, master: Master, month: string): Markup {
  const path = pathOf(master, 'runs')
  const [before, after] = [beside(month, -1), beside(month, 1)]
  return html`<nav class="row noprint" aria-label="${say('月', 'Months')}">
    <a href="${path}">${say('実行の一覧へ', 'To the runs')}</a>
    <a href="${path}/month/${before}">← ${before}</a>
    ${after <= thisMonth(master) && html`<a href="${path}/month/${after}">${after} →</a>`}
    <span class="soft"
      >${say('印刷するには、ブラウザーの印刷機能（Ctrl+P）をお使いください', 'To print, use the print function of the browser (Ctrl+P)')}</span
    >
  </nav>`
}

/** The month that the master's clock shows: 2026-11 */
export function thisMonth(master: Master): string {
  const parts = { timeZone: timezoneOf(master), year: 'numeric', month: '2-digit' } as const
  return new Intl.DateTimeFormat('sv-SE', parts).format(new Date())
}

function beside(month: string, by: number): string {
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
