import { HISTORY_WORDS, IMPORT_CHANGES, type Chapter, type ImportChapter } from '../../../core/history.js'
import type { Master } from '../../../core/master.js'
import type { TargetChange } from '../../../core/results.js'
import type { WholeRow } from '../../../operations/row.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { time } from '../../markup/format.js'
import { columnWord } from '../../markup/column-words.js'

interface Told {
  readonly at: string
  readonly what: Content
  readonly columns: readonly {
    readonly column: string
    readonly from: string | null
    readonly to: string | null
  }[]
}

const LISTED = {
  added: { ja: '追加', en: 'added' },
  changed: { ja: 'メモを変更', en: 'note changed' },
  removed: { ja: '削除', en: 'removed' },
} as const satisfies Readonly<Record<TargetChange['what'], { readonly ja: string; readonly en: string }>>

/** What runs, imports and people did to a row, newest first. */
export function rowHistory(visit: Visit, master: Master, { story, listed }: WholeRow): Markup {
  const { say } = visit
  const told = [
    ...(story?.chapters ?? []).map((chapter) => byRun(visit, master, chapter)),
    ...(story?.imports ?? []).map((chapter) => byImport(visit, chapter)),
    ...listed.map((change) => byPerson(visit, change)),
  ].sort((a, b) => b.at.localeCompare(a.at))
  return html`<h2>${say('履歴', 'History')}</h2>
    ${told.length === 0 && html`<p class="soft">${say('まだありません', 'None yet')}</p>`}
    <ol class="story">
      ${told.map(
        ({ at, what, columns }) =>
          html`<li>
            <time datetime="${at}">${time(master, at)}</time> ${what}
            ${
              columns.length > 0 &&
              html`<ul class="small">
                ${columns.map(
                  ({ column, from, to }) =>
                    html`<li>${columnWord(say, column)}: ${from ?? '–'} → ${to ?? '–'}</li>`,
                )}
              </ul>`
            }
          </li>`,
      )}
    </ol>`
}

function byRun({ say }: Visit, { master }: Master, { at, run, kind, by, columns }: Chapter): Told {
  const what = html`<a href="/${master}/runs/${run}">${say(`実行 ${run}`, `Run ${run}`)}</a>
    ${say('クラウド', 'Cloud')}: ${say<string>(HISTORY_WORDS[kind], kind)}
    ${by !== null && html`<span class="soft">${by}</span>`}`
  return { at, what, columns: columns.filter(({ from, to }) => from !== null || to !== null) }
}

function byImport({ say }: Visit, { at, what, files, columns }: ImportChapter): Told {
  return {
    at,
    what: html`${say('オンプレ（取り込み）', 'On-prem, by an import')}:
      ${say<string>(IMPORT_CHANGES[what], what)} <span class="soft">${files.join(', ')}</span>`,
    columns,
  }
}

function byPerson({ say }: Visit, { at, what, list, by, note }: TargetChange): Told {
  const { ja, en } = LISTED[what]
  return {
    at,
    what: html`${say('対象リスト', 'Target list')}: ${say<string>(ja, en)} ${list !== 'table' && list}
      <span class="soft">${by}</span> ${note}`,
    columns: [],
  }
}
