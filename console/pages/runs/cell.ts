import type { Master } from '../../../core/master.js'
import { valueText } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Say } from '../../request/language.js'

/** A value of a cell; the ledger may remember some of a column that was excluded since. */
export function cellText(say: Say, master: Master, column: string, value: string | null): Markup {
  if (!master.source.exclude.includes(column)) return valueText(say, value)
  return html`<span class="soft">${say('（除外された列）', '(excluded column)')}</span>`
}
