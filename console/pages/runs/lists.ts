import type { RunReport } from '../../../core/report.js'
import { count } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'

/** The lists that a run read and wrote: what changed there, and which it could not. */
export function lists({ say }: Visit, { lists: read, published }: RunReport): Markup {
  const failures = [
    ...read.map(({ list, failure }) => ({ list, failure, what: say('読めません', 'could not be read') })),
    ...published.map(({ list, failure }) => ({
      list,
      failure,
      what: say('書き出せません', 'could not be written'),
    })),
  ]
  const changed = read.filter(({ added, removed, changed: notes }) => added + removed + notes > 0)
  return html`${failures.map(
    ({ list, failure, what }) =>
      failure !== null &&
      html`<p class="warning">${list}: ${what} <code>${failure.code}</code> ${failure.message}</p>`,
  )}
  ${changed.map(
    ({ list, added, removed }) =>
      html`<p class="soft">
        ${list}:
        ${say(`追加 ${count(added)}、削除 ${count(removed)}`, `${count(added)} added, ${count(removed)} removed`)}
      </p>`,
  )}`
}
