import type { Master } from '../../../core/master.js'
import { importedDates, type ImportedPart } from '../../../operations/imported-dates.js'
import { PUBLICATIONS } from '../../../core/publications.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'

/** As of when the on-prem table has what was published, and which parts of it are late. */
export async function publications(visit: Visit, master: Master): Promise<Markup> {
  const { say, app } = visit
  const parts = await importedDates(app, master, new Date().toISOString().slice(0, 10))
  const names = [...new Set((parts ?? []).map(({ publication }) => publication))]
  return html`<h2>${say('取り込んだデータの時点', 'Dates of the imported data')}</h2>
    ${names.length === 0 && html`<p class="soft">${say('取り込みはまだありません。', 'Nothing was imported yet.')}</p>`}
    ${names.map((name) =>
      one(
        visit,
        name,
        (parts ?? []).filter(({ publication }) => publication === name),
      ),
    )}`
}

function one({ say, language }: Visit, name: string, parts: readonly ImportedPart[]): Markup {
  const known = PUBLICATIONS[name]
  const dates = parts.map(({ asOf }) => asOf).sort()
  const [oldest, newest] = [dates[0], dates.at(-1)]
  const late = parts.filter(({ due }) => due !== undefined)
  return html`<section class="card">
    <h3>${known?.title[language] ?? name}</h3>
    <p>
      ${newest === oldest ? say(`${newest} 時点`, `as of ${newest}`) : say(`${oldest} 〜 ${newest} 時点`, `as of ${oldest} to ${newest}`)}
      · ${say(`${count(parts.length)} 区分`, `${count(parts.length)} parts`)}
      ${late.length === 0 ? html`<span class="tag good">${say('最新', 'current')}</span>` : html`<span class="tag warn">${say(`${count(late.length)} 区分が遅れ`, `${count(late.length)} parts late`)}</span>`}
    </p>
    ${known?.attribution !== undefined && html`<p class="soft small">${known.attribution[language]}</p>`}
    ${lateParts({ say }, late)}
  </section>`
}

function lateParts({ say }: Pick<Visit, 'say'>, late: readonly ImportedPart[]): Content {
  if (late.length === 0) return false
  return html`<details>
    <summary>${say('遅れている区分', 'Parts that are late')}</summary>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('区分（都道府県-種別）', 'Part (prefecture-type)')}</th>
            <th scope="col">${say('今の時点', 'Has')}</th>
            <th scope="col">${say('あるはずの時点', 'Due')}</th>
          </tr>
        </thead>
        <tbody>
          ${late.map(
            ({ scope, asOf, due }) =>
              html`<tr>
                <td>${scope}</td>
                <td>${asOf}</td>
                <td>${due}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`
}
