import type { Master } from '../../../core/master.js'
import type { ShownConflict } from '../../../operations/seen-conflicts.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'

/**
 * What can be taken for one conflict. A form of its own for a value of one's own: Enter in its field takes that, and no
 * side.
 */
export function choices(visit: Visit, master: Master, { cell }: ShownConflict, name: string): Markup {
  const { say } = visit
  const action = `${pathOf(master, 'decisions')}/conflicts`
  const seen = html`<input type="hidden" name="cell" value="${cell}" />`
  return html`${form(
      visit,
      action,
      html`${seen}
        <button
          class="second"
          name="take"
          value="source"
          aria-label="${say(`${name}: 元マスタを採る`, `${name}: take on-prem`)}"
        >
          ${say('元マスタを採る', 'Take on-prem')}
        </button>
        <button
          class="second"
          name="take"
          value="cloud"
          aria-label="${say(`${name}: クラウドを採る`, `${name}: take cloud`)}"
        >
          ${say('クラウドを採る', 'Take cloud')}
        </button>`,
    )}
    <details>
      <summary>${say('別の値にする', 'Another value')}</summary>
      ${form(
        visit,
        action,
        html`${seen}
          <input name="value" aria-label="${say(`${name} の値`, `Value of ${name}`)}" />
          <button class="second" name="take" value="value">${say('この値にする', 'Take this')}</button>
          <button class="link" name="take" value="null">${say('値なしにする', 'No value')}</button>`,
      )}
    </details>`
}

/** What can be taken for all that are chosen. */
export function forTicked(visit: Visit, path: string): Markup {
  const { say } = visit
  return html`<div class="row">
    <span>${say('選択したものすべて:', 'All that are chosen:')}</span>
    ${form(
      visit,
      `${path}/conflicts`,
      html`<button name="take" value="source">${say('元マスタを採る', 'Take on-prem')}</button>
        <button name="take" value="cloud">${say('クラウドを採る', 'Take cloud')}</button>`,
      html`id="ticked"`,
    )}
  </div>`
}
