import type { Master } from '../../../core/master.js'
import { copyAge } from '../../../operations/copy-age.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { span } from '../../markup/format.js'

/** How old the copy in the cloud is, and when it was proven equal. */
export async function copies(visit: Visit, master: Master): Promise<Markup> {
  const { say } = visit
  const { completed, proven } = await copyAge(visit.app, master)
  return html`<h2>${say('クラウドの写し', 'The copy in the cloud')}</h2>
    <div class="grid">
      <section class="card">
        <h3>${say('最後に最新にした', 'Last brought up to date')}</h3>
        ${
          completed === undefined
            ? html`<p>
                ${say('まだ一度も同期していません。「実行」から始められます。', 'Never synced yet: start a run on the page Runs.')}
              </p>`
            : html`<p class="figure">${ago(visit, completed.age)}</p>
                <p>${run(visit, master, completed.run)}</p>`
        }
      </section>
      <section class="card">
        <h3>${say('最後の照合', 'Last proof')}</h3>
        ${
          proven === undefined
            ? html`<p>${say('まだありません', 'None yet')}</p>`
            : html`<p class="figure">${ago(visit, proven.age)}</p>
                <p>
                  ${proven.equal === true ? html`<span class="tag good">${say('一致', 'equal')}</span>` : html`<span class="tag bad">${say('不一致', 'not equal')}</span>`}
                  ${run(visit, master, proven.run)}
                </p>`
        }
      </section>
    </div>`
}

function ago(visit: Visit, seconds: number): string {
  const text = span(visit, seconds)
  return visit.say(`${text}前`, `${text} ago`)
}

function run({ say }: Visit, { master }: Master, number: number): Markup {
  return html`<a href="/${master}/runs/${number}">${say(`実行 ${number}`, `Run ${number}`)}</a>`
}
