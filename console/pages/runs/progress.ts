import type { Master } from '../../../core/master.js'
import type { RunReport } from '../../../core/report.js'
import type { Sight } from '../../../operations/follow.js'
import type { Progress } from '../../../workflows/state.js'
import { form } from '../../markup/form.js'
import { count, secondsText } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import { mayAs } from '../../access/roles.js'
import type { Visit } from '../../request/visit.js'
import { runPath } from './list.js'
import { phaseWord } from './spent.js'

/** What is seen of a run that has not closed. */
export interface Standing {
  readonly report: RunReport
  readonly sight: Sight | undefined
  /** ended, unknown: in Temporal, although the ledger has it under way; undefined: Temporal cannot be asked. */
  readonly fate: 'running' | 'ended' | 'unknown' | undefined
}

/** Where a run stands, told anew each second. */
export function underWay(visit: Visit, master: Master, standing: Standing): Markup {
  const { say, user } = visit
  const { report, sight, fate } = standing
  const path = runPath(master, report.run)
  return html`<section
    id="progress"
    class="card"
    hx-get="${path}/progress"
    hx-trigger="every 1s"
    hx-swap="outerHTML"
    aria-live="polite"
  >
    ${sight?.progress === undefined ? silent(visit, fate) : stands(visit, sight.progress, Date.now())}
    ${
      sight?.retrying !== undefined &&
      html`<p class="warning">
        ${say('待機中。自動で再試行しています: ', 'Waiting; it is tried again by itself: ')}
        <span lang="en">${sight.retrying}</span>
      </p>`
    }
    <p class="soft">
      ${say('開始から', 'Since the start')}
      ${secondsText(say, Math.max(0, (Date.now() - Date.parse(report.started_at)) / 1000))}
    </p>
    <noscript
      ><a class="button second" href="${path}"
        >${say('最新の状態を見る', 'See how it stands now')}</a
      ></noscript
    >
    ${
      mayAs(user.role, 'editor') &&
      form(
        visit,
        `${path}/cancel`,
        html`${fate === 'unknown' && html`<input type="hidden" name="lost" value="1" />`}
          <button class="danger">
            ${fate === 'ended' || fate === 'unknown' ? say('記録を閉じる', 'Close its record') : say('中止する', 'Cancel')}
          </button>
          <span class="small soft"
            >${say('書き込み済みの行はそのまま残ります', 'What is written stays')}</span
          >`,
      )
    }
  </section>`
}

function silent({ say }: Visit, fate: Standing['fate']): Markup {
  switch (fate) {
    case 'ended':
      return html`<p class="warning">
        ${say(
          'この実行は Temporal ではもう動いていません。記録だけが開いたままです。',
          'This run is not under way in Temporal any more: only its record is open.',
        )}
      </p>`
    case 'unknown':
      return html`<p class="warning">
        ${say(
          'Temporal にこの実行がありません。別のサーバーで動いていないことを確かめてください。',
          'Temporal does not know this run: make sure that it is not under way on another server.',
        )}
      </p>`
    case undefined:
      return html`<p class="warning">${say('Temporal に接続できません。', 'Temporal cannot be reached.')}</p>`
    case 'running':
      return html`<p>${say('ワーカーの応答を待っています。', 'Waiting for a worker to answer.')}</p>`
  }
}

function stands({ say }: Visit, progress: Progress, now: number): Markup {
  const { phase, rows, phaseStartedAt: since } = progress
  const counted = rows.total > 0 && (phase === 'compare' || phase === 'apply' || phase === 'prove')
  const seconds = since === undefined ? 0 : (now - since) / 1000
  const rate = seconds > 0 ? rows.done / seconds : 0
  return html`<p><strong>${say(`${phaseWord(say, phase)}中`, phaseWord(say, phase))}</strong></p>
    ${
      counted &&
      html`<progress
          max="${rows.total}"
          value="${Math.min(rows.done, rows.total)}"
          aria-label="${say('進みぐあい', 'Progress')}"
        ></progress>
        <p>
          ${count(rows.done)} / ${count(rows.total)} ${say('行', 'rows')}
          ${rate > 0 && html`· ${count(Math.round(rate))} ${say('行/秒', 'rows/s')} · ${say('残り', 'left')} ${secondsText(say, Math.max(0, (rows.total - rows.done) / rate))}`}
        </p>`
    }`
}
