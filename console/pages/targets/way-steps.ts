import { ERRORS } from '../../../core/error-catalogue.js'
import { SyncError } from '../../../core/errors.js'
import type { Master } from '../../../core/master.js'
import type { BringingRun } from '../../../operations/targets/way.js'
import { errorBox } from '../../error-page.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { isSettled, wayRows, type Way } from './way-rows.js'

/** How far the way is: a part of the page that is asked for anew until it is at its end. */
export function waySteps(visit: Visit, master: Master, way: Way): Markup {
  const { say, path } = visit
  const { what, run, total, waits, found } = way
  const settled = found.rows.filter((row) => isSettled(way, row)).length
  const { length } = found.rows
  // Of many only the first are looked at: of the others the run tells.
  const told = waits === undefined && (run === undefined || DONE.includes(run.outcome))
  const whole = what !== 'list' && total === length
  const arrived = whole ? settled === total : told && (what === 'list' || settled === length)
  const ended = run === undefined || run.outcome !== null || arrived
  return html`<div
    id="way"
    role="status"
    ${!ended && html`hx-get="${path}" hx-trigger="every 1s" hx-swap="outerHTML"`}
  >
    <ol>
      <li>${listStep(visit, way)} ✓</li>
      ${run !== undefined && html`<li>${runStep(visit, master, way, run)}</li>`}
      ${whole && html`<li>${say('クラウド', 'Cloud')}: ${settled} / ${total} ${arrived && '✓'}</li>`}
    </ol>
    ${waits !== undefined && isCode(waits) && waiting(visit, waits)}
    ${arrived && html`<p class="done">${done(visit, way)}</p>`}
    ${ended && !arrived && waits === undefined && html`<p class="warning">${notAll(visit, way)}</p>`}
    ${found.rows.length > 0 && wayRows(visit, master, way)}
    ${
      !ended &&
      html`<noscript
        ><p><a class="button second" href="${path}">${say('読み込み直す', 'Reload')}</a></p></noscript
      >`
    }
  </div>`
}

const DONE: readonly BringingRun['outcome'][] = ['completed', 'nothing_to_do']

function listStep({ say }: Visit, { what, total }: Way): string {
  if (what === 'list') return say('リストに反映しました', 'The list is taken over')
  if (what === 'remove') return say(`${total} 件をリストから削除しました`, `${total} taken off the list`)
  return say(`${total} 件をリストに登録しました`, `${total} put on the list`)
}

function runStep(
  { say }: Visit,
  { master }: Master,
  { behind }: Way,
  { run, outcome }: BringingRun,
): Content {
  const link =
    run !== undefined && html`<a href="/${master}/runs/${run}">${say(`実行 ${run}`, `Run ${run}`)}</a>`
  if (outcome !== null) return html`${link} ${say('が終わりました', 'has ended')} ✓`
  if (behind !== undefined)
    return html`${link}
    ${say(`実行 ${behind} が進行中です。終わり次第すぐに反映します`, `Run ${behind} is under way; this comes right after it`)}`
  return html`${link} ${say('実行中です', 'Under way')}`
}

function done({ say }: Visit, { what, total }: Way): string {
  if (what === 'list') return say('✓ クラウドに反映しました', '✓ The cloud has it')
  return what === 'remove'
    ? say(`✓ ${total} 件がクラウドから外れました`, `✓ ${total} are in the cloud no more`)
    : say(`✓ ${total} 件がクラウドにあります`, `✓ ${total} are in the cloud`)
}

function notAll({ say }: Visit, { what }: Way): string {
  return what === 'remove'
    ? say(
        'クラウドに残っている行があります。削除の方針（removals）、承認待ち、または別のリストによるものです。',
        'Some rows stay in the cloud: by the policy for removals, until they are approved, or for another list names them.',
      )
    : say(
        'まだクラウドにない行があります。元マスタにない行はリストで待機します。',
        'Some rows are not in the cloud yet. Those that the source lacks wait on the list.',
      )
}

function isCode(text: string): text is SyncError['code'] {
  return Object.hasOwn(ERRORS, text)
}

function waiting(visit: Visit, code: SyncError['code']): Markup {
  return html`<p class="warning">
      ${visit.say('リストは変更済みです。クラウドには次の実行で反映します。', 'The list is changed; the next run brings it to the cloud.')}
    </p>
    ${errorBox(visit, new SyncError(code, ''))}`
}
