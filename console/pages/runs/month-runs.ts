import type { Master } from '../../../core/master.js'
import { messageInJapanese } from '../../../core/messages.ja.js'
import type { Month } from '../../../operations/month.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { time } from '../../markup/format.js'
import { runPath, runsTable } from './list.js'

/** What failed, and why. */
export function monthFailures({ say }: Visit, master: Master, { notable }: Month): Markup {
  const failed = notable.filter(({ failure }) => failure !== null)
  return html`<h2>${say('失敗', 'Failures')}</h2>
    ${
      failed.length === 0
        ? html`<p>${say('失敗はありませんでした。', 'No run failed.')}</p>`
        : html`<ul>
            ${failed.map(
              ({ run, started_at: at, failure }) =>
                html`<li>
                  <a href="${runPath(master, run)}">${say(`実行 ${run}`, `run ${run}`)}</a> ·
                  ${time(master, at)} · <code>${failure?.code}</code>
                  ${failure !== null && say(messageInJapanese(failure.message) ?? failure.message, failure.message)}
                </li>`,
            )}
          </ul>`
    }`
}

/** Runs that a person should know of one by one. */
export function monthNotable(visit: Visit, master: Master, { notable, more }: Month): Markup | undefined {
  if (notable.length === 0) return undefined
  const { say } = visit
  return html`<h2>${say('確認しておく実行', 'Runs to know of')}</h2>
    <p class="small soft">
      ${say('差分なし・完了で終わった通常の同期は省いています。', 'Without ordinary syncs that went well.')}
      ${more && say('多いため、はじめの 200 件だけです。', 'There are more: these are the first 200.')}
    </p>
    ${runsTable(visit, master, notable)}`
}
