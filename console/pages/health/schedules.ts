import type { Master } from '../../../core/master.js'
import type { ScheduleStatus } from '../../../core/results.js'
import { scheduleStatus } from '../../../operations/schedule-status.js'
import { form } from '../../markup/form.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { count, time } from '../../markup/format.js'

/** What starts by itself, when it did and will, and what of it did not. */
export async function schedules(visit: Visit, master: Master): Promise<Markup> {
  const { say } = visit
  const found = await scheduleStatus(visit.app, [master])
  return html`<h2>${say('定期実行', 'Schedules')}</h2>
    ${found.map((status) => status.hold !== null && holdBox(visit, master, status.hold))}
    <div class="grid">${found.map((status) => card(visit, master, status))}</div>
    ${buttons(visit, master, found)}`
}

const STATES = {
  none: { ja: 'なし', en: 'none', tag: '' },
  absent: { ja: '未登録', en: 'not applied', tag: 'bad' },
  active: { ja: '動作中', en: 'active', tag: 'good' },
  paused: { ja: '一時停止中', en: 'paused', tag: 'warn' },
  stale: { ja: '設定にない', en: 'left over', tag: 'warn' },
} as const

function card({ say }: Visit, master: Master, status: ScheduleStatus): Markup {
  const { what, state, cron, timezone, after_import: after, next, last, missed, skipped } = status
  const { ja, en, tag } = STATES[state]
  const byItself = after && state === 'none'
  const facts: readonly (readonly [string, Content])[] = [
    ...(cron === null ? [] : [[say('時刻', 'Times'), html`<code>${cron}</code> ${timezone}`] as const]),
    ...(after ? [[say('きっかけ', 'Starts'), say('取り込みの後', 'after each import')] as const] : []),
    [say('次回', 'Next'), next === null ? '-' : time(master, next)],
    [say('前回', 'Last'), last === null ? '-' : time(master, last)],
    [say('実行できなかった回', 'Missed'), missed === 0 ? '0' : html`<strong>${count(missed)}</strong>`],
    [say('重なって省いた回', 'Skipped'), skipped === 0 ? '0' : html`<strong>${count(skipped)}</strong>`],
  ]
  return html`<section class="card">
    <h3>
      ${what === 'sync' ? say('クラウドへの同期', 'Syncs to the cloud') : say('公表ファイルの取り込み', 'Imports of published files')}
      ${!byItself && html`<span class="tag ${tag}">${say(ja, en)}</span>`}
    </h3>
    <dl class="facts">
      ${facts.map(
        ([name, value]) =>
          html`<dt>${name}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${missed > 0 && html`<p class="soft small">${say('ワーカーか Temporal が止まっていた間の分です。次の実行がすべてを調べるため、内容は失われません。', 'Due while the worker or Temporal was away. The next run looks at everything, so nothing is lost.')}</p>`}
    ${skipped > 0 && html`<p class="soft small">${say('前の実行が続いていたため始めなかった分です。', 'Due while the run before was still under way.')}</p>`}
  </section>`
}

function holdBox(
  visit: Visit,
  master: Master,
  { reason, by, at }: NonNullable<ScheduleStatus['hold']>,
): Markup {
  const { say } = visit
  return html`<div class="warning">
    <p>
      <strong>${say('同期は保留中です。実行しても何も書きません。', 'On hold: runs write nothing.')}</strong>
    </p>
    <p>${time(master, at)} · ${by} · ${reason}</p>
  </div>`
}

/** Of what is scheduled, and of a hold. */
function buttons(visit: Visit, { master }: Master, found: readonly ScheduleStatus[]): Content {
  const { say, user } = visit
  if (!mayAs(user.role, 'approver')) return false
  const active = found.some(({ state }) => state === 'active')
  const stopped = found.some(({ state, hold }) => state === 'paused' || hold !== null)
  return html`<div class="row">
    ${active && form(visit, `/${master}/health/pause`, html`<button class="second">${say('定期実行を一時停止', 'Pause the schedules')}</button>`)}
    ${stopped && form(visit, `/${master}/health/resume`, html`<button>${say('定期実行を再開', 'Resume the schedules')}</button>`)}
  </div>`
}
