import { lateImport } from '../../../core/late-import.js'
import type { Master } from '../../../core/master.js'
import type { ImportReport } from '../../../core/import-plan.js'
import type { RunReport } from '../../../core/report.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'
import { rowPath } from '../../markup/row-link.js'

/** Of a run that imports: what it read, found and wrote. */
export function imported(visit: Visit, master: Master, report: RunReport): Markup | undefined {
  const { say } = visit
  const { import: found } = report
  if (found === null) return undefined
  const late = lateImport(report)
  return html`<h2>${say('取り込んだもの', 'What was imported')}</h2>
    ${again(visit, found)}
    ${
      late !== undefined &&
      html`<p class="warning">
        ${say(
          `${late.due} 時点のデータが公表されているはずです（取り込んだのは ${late.as_of} 時点）。`,
          `Data as of ${late.due} should be published by now; this is as of ${late.as_of}.`,
        )}
      </p>`
    }
    ${files(visit, found)} ${changes(visit, master, found)} ${left(visit, found)}`
}

function again({ say }: Visit, { import: id, loaded_before: before, rejected }: ImportReport): Markup {
  return html`${
    rejected !== undefined &&
    html`<p class="warning">
      ${say(
        `${rejected.at.slice(0, 10)} に却下された取り込み ${id} と同じファイルのため、読み込んでいません。`,
        `The same files as import ${id}, which was rejected on ${rejected.at.slice(0, 10)}: nothing was loaded.`,
      )}
    </p>`
  }
  ${
    before &&
    html`<p class="notice">
      ${say(
        `取り込み ${id} と同じファイルのため、読み込んでいません。`,
        `The same files as import ${id}: nothing to load.`,
      )}
    </p>`
  }`
}

function files({ say }: Visit, { files: all, whole }: ImportReport): Markup | undefined {
  if (all.length === 0) return undefined
  return html`<div class="table" tabindex="0" role="region" aria-label="${say('ファイル', 'Files')}">
    <table>
      <caption>
        ${say(`ファイル（${count(whole?.files ?? all.length)} 件）`, `Files (${count(whole?.files ?? all.length)})`)}
      </caption>
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

function changes({ say }: Visit, master: Master, found: ImportReport): Markup {
  const successors = found.written?.successors ?? { rows: 0, sample: [] }
  const link = (id: string): Markup => html`<a class="id" href="${rowPath(master, id)}">${id}</a>`
  const kinds = [
    [say('追加', 'added'), found.added],
    [say('変更', 'changed'), found.changed],
    [say('再開', 'reopened'), found.reopened],
    [say('掲載なし（廃止）', 'absent (closed)'), found.absent],
  ] as const
  return html`<dl class="facts card">
    ${kinds.map(
      ([word, { rows, sample }]) =>
        html`<dt>${word}</dt>
          <dd>
            ${count(rows)}
            ${sample.length > 0 && html`<span class="small">(${sample.map(({ id }) => html`${link(id)} `)}${rows > sample.length && '…'})</span>`}
          </dd>`,
    )}
    <dt>${say('後継の候補', 'suggested successors')}</dt>
    <dd>
      ${count(successors.rows)}
      ${successors.sample.map(
        ({ id, successor }) => html`<span class="small">${link(id)} → ${link(successor)}</span> `,
      )}
    </dd>
  </dl>`
}

/** What the files do not cover, and what of them has no place. */
function left({ say }: Visit, { outside, uncompared }: ImportReport): Markup {
  return html`${
    outside !== undefined &&
    outside.parts > 0 &&
    html`<p class="notice">
      ${say(
        `今回のファイルにない範囲が ${count(outside.parts)} あります（もっとも古いものは ${outside.oldest ?? '—'} 時点）。そのままにしました: `,
        `${count(outside.parts)} parts of the register are in none of the files (the oldest as of ${outside.oldest ?? '—'}) and were left as they are: `,
      )}
      ${outside.sample.join(say('、', ', '))}${outside.parts > outside.sample.length && ' …'}
    </p>`
  }
  ${
    uncompared.length > 0 &&
    html`<p class="soft small">
      ${say('表にないため比べていない列: ', 'Columns of the files that the table lacks: ')}
      ${uncompared.join(say('、', ', '))}
    </p>`
  }`
}
