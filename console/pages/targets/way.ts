import type { FastifyInstance } from 'fastify'
import { ERRORS } from '../../../core/error-catalogue.js'
import { SyncError } from '../../../core/errors.js'
import type { Master } from '../../../core/master.js'
import { rowsOf, type FoundRows } from '../../../operations/search.js'
import { bringingRun, type BringingRun } from '../../../operations/targets/way.js'
import { errorBox } from '../../error-page.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { pathOf, send, sendPage } from '../../markup/layout.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { all, one } from '../../request/fields.js'
import { nameOf, rowPath } from '../../markup/row-link.js'

/** What a person did just now, and the run that brings it. */
interface Way {
  readonly what: string
  readonly found: Pick<FoundRows, 'columns' | 'rows'>
  readonly total: number
  /** undefined: none was needed, or none could be started. */
  readonly run: BringingRun | undefined
  readonly behind: string | undefined
  readonly waits: string | undefined
}

/** The way of rows to the cloud, or out of it, to its end. */
export function wayPage(server: FastifyInstance): void {
  server.get('/:master/targets/way', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { query } = request
    const execution = one(query, 'run')
    const ids = all(query, 'id')
    const way: Way = {
      what: one(query, 'what') ?? 'add',
      found: await rowsOf(visit.app, master, ids.slice(0, MOST)),
      total: Number(one(query, 'of') ?? ids.length),
      run: execution === undefined ? undefined : await bringingRun(visit.app, master, execution),
      behind: one(query, 'behind'),
      waits: one(query, 'waits'),
    }
    const shown = wayOf(visit, master, way)
    if (visit.partial) return send(reply, shown)
    return sendPage(reply, visit, {
      title: visit.say('クラウドへの反映', 'On the way to the cloud'),
      master,
      section: 'targets',
      body: html`${shown}
        <p><a href="${pathOf(master, 'targets')}">${visit.say('対象リストへ', 'To the target list')}</a></p>`,
    })
  })
}

const MOST = 20

function wayOf(visit: Visit, master: Master, way: Way): Markup {
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
    ${found.rows.length > 0 && each(visit, master, way)}
    ${
      !ended &&
      html`<noscript
        ><p><a class="button second" href="${path}">${say('読み込み直す', 'Reload')}</a></p></noscript
      >`
    }
  </div>`
}

const DONE: readonly BringingRun['outcome'][] = ['completed', 'nothing_to_do']

type Row = Way['found']['rows'][number]

/** Of rows that left the list it is enough that the cloud has them no more. */
function isSettled({ what }: Way, { inCloud, listed }: Row): boolean {
  return what === 'remove' ? inCloud === false && listed === undefined : inCloud === true
}

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

function each({ say }: Visit, master: Master, way: Way): Markup {
  const { found, total } = way
  const more = total - found.rows.length
  return html`<div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('名称', 'Name')}</th>
            <th scope="col">${say('コード', 'Id')}</th>
            <th scope="col">${say('状態', 'State')}</th>
          </tr>
        </thead>
        <tbody>
          ${found.rows.map(
            (row) =>
              html`<tr>
                <td><a href="${rowPath(master, row.id)}">${nameOf(found.columns, row)}</a></td>
                <td class="id">${row.id}</td>
                <td>${stateOf(say, way, row)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${more > 0 && html`<p class="soft">${say(`ほか ${more} 件`, `and ${more} more`)}</p>`}`
}

function stateOf(say: Visit['say'], way: Way, row: Row): Markup {
  if (isSettled(way, row)) {
    const text =
      way.what === 'remove'
        ? say('クラウドになし', 'Not in the cloud')
        : say('クラウドにあり', 'In the cloud')
    return html`<span class="tag good">${text} ✓</span>`
  }
  if (row.values === null)
    return html`<span class="tag warn"
      >${say('元マスタにありません（リストで待機）', 'Not in the source: waits on the list')}</span
    >`
  return html`<span class="tag">${say('反映待ち', 'On its way')}</span>`
}
