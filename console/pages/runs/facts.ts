import type { Master } from '../../../core/master.js'
import type { RunReport } from '../../../core/report.js'
import { count, secondsText, time } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { startedBy } from './list.js'
import { outcomeTag, proofTag } from './words.js'

/** When a run was, who began it, how it ended, what of, and where Temporal shows it. */
export function facts(
  { say }: Visit,
  master: Master,
  report: RunReport,
  workflow: string | undefined,
): Markup {
  const { outcome, seconds, sources } = report
  const finished = outcome !== null && outcome !== 'failed' && outcome !== 'cancelled'
  const partial = report.undoes !== null || report.answers !== null || report.kind === 'import'
  return html`<dl class="facts card">
    <dt>${say('結果', 'Outcome')}</dt>
    <dd>${outcomeTag(say, outcome)}</dd>
    <dt>${say('開始', 'Started')}</dt>
    <dd>${time(master, report.started_at)} · ${startedBy(say, report)}</dd>
    ${
      outcome !== null &&
      html`<dt>${say('所要時間', 'Time')}</dt>
        <dd>${secondsText(say, seconds.total)}</dd>`
    }
    ${
      finished &&
      !partial &&
      html`<dt>${say('対象', 'Targets')}</dt>
        <dd>${targets(say, report)}</dd>`
    }
    ${
      finished &&
      report.mode !== 'plan' &&
      html`<dt>${say('照合', 'Proof')}</dt>
        <dd>${proofTag(say, report)}</dd>`
    }
    ${sources.map(
      ({ publication, title, from, to, attribution }) =>
        html`<dt>${say('出典', 'Source')}</dt>
          <dd>
            ${publication === 'csv' ? master.master : title} ·
            ${say(`${from === to ? from : `${from} – ${to}`} 時点`, `as of ${from === to ? from : `${from} – ${to}`}`)}
            ${attribution !== null && html`<div class="small soft">${attribution}</div>`}
          </dd>`,
    )}
    ${
      workflow !== undefined &&
      html`<dt>Temporal</dt>
        <dd>
          <a href="${workflow}" rel="noreferrer"
            >${say('Temporal の画面で見る', 'See it in the Temporal Web UI')}</a
          >
        </dd>`
    }
  </dl>`
}

function targets(say: Visit['say'], { targets: listed, only, missing }: RunReport): string {
  const asked = only === null ? '' : say(`（指定 ${count(only)} 件中）`, ` of ${count(only)} asked for`)
  const absent =
    missing === 0
      ? ''
      : say(`（元マスタにない ${count(missing)} 件）`, ` (${count(missing)} not in the source)`)
  return `${count(listed)}${asked}${absent}`
}
