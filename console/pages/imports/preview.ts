import { FINDINGS } from '../../../core/finding.js'
import { causeWords } from '../../../core/held-causes.js'
import type { ImportPlan } from '../../../core/import-preview.js'
import type { Master } from '../../../core/master.js'
import { heldWords } from '../../../core/plan-words.js'
import { errorBox } from '../../error-page.js'
import { form } from '../../markup/form.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { pathOf } from '../../markup/layout.js'
import type { Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'

/** What files would change. `upload`: by which they are taken over. */
export function preview(visit: Visit, master: Master, plan: ImportPlan, upload: string): Markup {
  const { say } = visit
  const differing = plan.added.rows + plan.changed.rows + plan.reopened.rows + plan.absent.rows
  return html`${verdict(visit, plan)}
    <div class="grid">
      ${figure(say('追加', 'Added'), plan.added.rows)} ${figure(say('変更', 'Changed'), plan.changed.rows)}
      ${figure(say('再開', 'Reopened'), plan.reopened.rows)}
      ${figure(say('掲載なし（廃止）', 'Absent (closed)'), plan.absent.rows)}
      ${figure(say('変更なし', 'Unchanged'), plan.unchanged)}
    </div>
    ${
      plan.refused === null &&
      html`<div class="row">
        ${form(
          visit,
          `${pathOf(master, 'imports')}/apply`,
          html`<input type="hidden" name="upload" value="${upload}" /><button>
              ${differing === 0 ? say('取り込みを記録する（データの時点を更新）', 'Import: note the date of the data') : say('この内容で取り込む', 'Import this')}
            </button>`,
        )}
        <span class="soft small">${say('30 分の間、取り込めます。', 'Within 30 minutes.')}</span>
      </div>`
    }
    ${files(visit, plan)} ${samples(visit, plan)} ${findings(visit, plan)}`
}

function verdict(visit: Visit, { refused, held, absent, files: all }: ImportPlan): Content {
  const { say, language } = visit
  if (refused !== null)
    return html`<p>
        <strong>${say('このままでは取り込めません。', 'These files would be refused.')}</strong>
      </p>
      ${errorBox(visit, refused)}`
  return [
    ...held.map(({ kind, rows, causes }) => {
      const words = heldWords('import', kind)
      const why = causes.map((cause) => causeWords(cause)[language]).join(say('、', ', '))
      return html`<p class="warning">
        ${say(`承認待ちになります: ${words.ja} ${count(rows)} 件（${why}）`, `Would wait for approval: ${count(rows)} ${words.en} (${why})`)}
      </p>`
    }),
    absent.rows > 0 &&
      all.some(({ unidentified = 0 }) => unidentified > 0) &&
      html`<p class="warning">
        ${say('掲載なしには、除外した行が含まれることがあります。', 'Absent may be what was left out of the files.')}
      </p>`,
  ]
}

function figure(name: string, rows: number): Markup {
  return html`<div class="card">
    <div class="soft small">${name}</div>
    <div class="figure">${count(rows)}</div>
  </div>`
}

function files({ say }: Visit, { files: all }: ImportPlan): Markup {
  return html`<h2>${say('ファイル', 'Files')}</h2>
    <div class="table">
      <table>
        <thead>
          <tr>
            <th scope="col">${say('ファイル', 'File')}</th>
            <th scope="col">${say('形式', 'Form')}</th>
            <th scope="col">${say('時点', 'As of')}</th>
            <th scope="col" class="number">${say('件数', 'Records')}</th>
            <th scope="col" class="number">${say('除外', 'Left out')}</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            ({ file, feed, as_of: asOf, records, reported }) =>
              html`<tr>
                <td>${file}</td>
                <td>${feed}</td>
                <td class="id">${asOf ?? '—'}</td>
                <td class="number">${count(records)}</td>
                <td class="number">${count(reported)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}

function samples({ say }: Visit, plan: ImportPlan): Content {
  const kinds = [
    [say('追加される行', 'Rows to be added'), plan.added],
    [say('変わる行', 'Rows to be changed'), plan.changed],
    [say('再開する行', 'Rows to be reopened'), plan.reopened],
    [say('ファイルにない行', 'Rows absent from the files'), plan.absent],
  ] as const
  return kinds.map(
    ([title, { rows, sample }]) =>
      rows > 0 &&
      html`<h2>${title}</h2>
        <ul>
          ${sample.map(({ id, columns }) => html`<li><span class="id">${id}</span> <span class="soft small">${columns.join(', ')}</span></li>`)}
        </ul>
        ${rows > sample.length && html`<p class="soft">${say(`ほか ${count(rows - sample.length)} 件`, `and ${count(rows - sample.length)} more`)}</p>`}`,
  )
}

/** With the values: this page does not leave the on-prem side. */
function findings({ say, language }: Visit, { findings: { counts, first } }: ImportPlan): Content {
  const found = Object.entries(FINDINGS).filter(([code]) => (counts[code] ?? 0) > 0)
  if (found.length === 0) return false
  return html`<h2>${say('ファイルについて', 'What is to be told of the files')}</h2>
    ${found.map(
      ([code, words]) =>
        html`<div class="card">
          <p>
            <strong>${words[language]}</strong>
            <code>${code}</code> ${say(`${count(counts[code] ?? 0)} 件`, `${count(counts[code] ?? 0)} times`)}
          </p>
          <ul>
            ${first
              .filter((finding) => finding.code === code)
              .map(
                ({ file, line, column, value }) =>
                  html`<li class="wrap">
                    ${line === 0 ? file : `${file}:${line}`} ${column}
                    ${value !== null && html`<code>${value}</code>`}
                  </li>`,
              )}
          </ul>
        </div>`,
    )}`
}
