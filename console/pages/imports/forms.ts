import type { Master } from '../../../core/master.js'
import { FEED_NAMES } from '../../../operations/import.js'
import { form } from '../../markup/form.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'

/** To send published files, for a look or to be taken over. */
export function uploadForm(visit: Visit, master: Master): Content {
  const { say, user } = visit
  if (!mayAs(user.role, 'editor')) return false
  return html`<section class="card">
    <h2>${say('ファイルを取り込む', 'Import files')}</h2>
    <p>
      ${say(
        '厚生労働省・地方厚生局が公表した CSV、またはそれを入れた .zip・.gz を選んでください（同じ公表元のもの、合わせて 1 GB まで）。',
        'Choose published CSV files, or a .zip or .gz of such: of one publication, up to 1 GB.',
      )}
    </p>
    ${form(
      visit,
      pathOf(master, 'imports'),
      html`<div class="fields">
          <label>${say('ファイル', 'Files')}<input type="file" name="files" multiple required /></label>
        </div>
        ${options(visit)}
        <div class="row">
          <button name="mode" value="plan">${say('内容を確かめる', 'Look first')}</button>
          <button name="mode" value="apply" class="second">${say('すぐに取り込む', 'Import at once')}</button>
        </div>`,
      html`enctype="multipart/form-data"`,
    )}
  </section>`
}

/** As of the command. */
function options({ say }: Visit): Markup {
  return html`<details>
    <summary>${say('読み取り方の指定', 'How they are read')}</summary>
    <div class="fields">
      <label>
        ${say('形式', 'Form')}
        <select name="feed">
          <option value="">${say('ファイルから判断', 'as the files tell')}</option>
          ${FEED_NAMES.map((name) => html`<option>${name}</option>`)}
        </select>
      </label>
      <label
        >${say('データの日付（ファイル名にないとき）', 'Date of the data, where the name has none')}<input
          type="date"
          name="as_of"
      /></label>
    </div>
    ${tick('repair', say('失われた先頭の 0 を、確かな場合だけ補う', 'Put back leading zeros that a spreadsheet took, where that is certain'))}
    ${tick('force', say('新しいデータがあっても、古いデータを取り込む', 'Older data may take the place of newer'))}
    ${tick('other_ids', say('表のコードとほとんど一致しなくても取り込む', 'Import although hardly any id is in the table'))}
  </details>`
}

function tick(name: string, text: string): Markup {
  return html`<p>
    <label class="tick"><input type="checkbox" name="${name}" /> ${text}</label>
  </p>`
}

/** Where the files are published, and a button that looks there now. */
export function places(visit: Visit, master: Master): Content {
  const { say, user } = visit
  const from = master.import?.from ?? []
  if (from.length === 0) return false
  return html`<section class="card">
    <h2>${say('公表されている場所', 'Where files are published')}</h2>
    <ul>
      ${from.map((url) => html`<li class="wrap">${withoutQuery(url)}</li>`)}
    </ul>
    ${mayAs(user.role, 'editor') && form(visit, `${pathOf(master, 'imports')}/fetch`, html`<button>${say('今すぐ取りに行く', 'Fetch now')}</button>`)}
  </section>`
}

/** What follows may be a signature that lets anyone read. */
function withoutQuery(url: string): string {
  return url.replace(/\?.*$/u, '?…')
}
