import type { Master } from '../../../core/master.js'
import type { FoundRows } from '../../../operations/search.js'
import type { BringingRun } from '../../../operations/targets/way.js'
import { html, type Markup } from '../../markup/html.js'
import { nameOf, rowPath } from '../../markup/row-link.js'
import type { Visit } from '../../request/visit.js'

/** What a person did just now, and the run that brings it. */
export interface Way {
  readonly what: string
  readonly found: Pick<FoundRows, 'columns' | 'rows'>
  readonly total: number
  /** undefined: none was needed, or none could be started. */
  readonly run: BringingRun | undefined
  readonly behind: string | undefined
  readonly waits: string | undefined
}

type Row = Way['found']['rows'][number]

/** Of rows that left the list it is enough that the cloud has them no more. */
export function isSettled({ what }: Way, { inCloud, listed }: Row): boolean {
  return what === 'remove' ? inCloud === false && listed === undefined : inCloud === true
}

/** Each row, and how far it is. */
export function wayRows({ say }: Visit, master: Master, way: Way): Markup {
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
