import type { FullCopy } from '../../../operations/full-copy.js'
import type { RunReport } from '../../../core/report.js'
import { PHASE_WORDS } from '../../../core/run-words.js'
import { bytesText, count, secondsText } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Say } from '../../request/language.js'
import type { Visit } from '../../request/visit.js'

/** In the order in which they follow each other. */
const PHASES: readonly string[] = Object.keys(PHASE_WORDS)

/** What a run took: time by phase, bytes; and beside it what a copy of everything took, where one was measured. */
export function spent({ say }: Visit, report: RunReport, full: FullCopy | undefined): Markup {
  const { total: _, ...phases } = report.seconds
  const { source, cloud } = report.bytes
  return html`<h2>${say('時間と通信量', 'Time and traffic')}</h2>
    <div class="card">
      <dl class="facts">
        ${Object.entries(phases)
          .toSorted(([a], [b]) => PHASES.indexOf(a) - PHASES.indexOf(b))
          .filter(([, seconds]) => seconds >= 0.05)
          .map(
            ([phase, seconds]) =>
              html`<dt>${say('時間: ', 'Time: ')}${phaseWord(say, phase)}</dt>
                <dd>${secondsText(say, seconds)}</dd>`,
          )}
        <dt>${say('元マスタからの通信', 'From the source')}</dt>
        <dd>${bytesText(source)}</dd>
        <dt>${say('クラウドとの通信', 'To and from the cloud')}</dt>
        <dd>${bytesText(cloud)}</dd>
        ${
          report.wal > 0 &&
          html`<dt>${say('クラウドの WAL', 'WAL of the cloud')}</dt>
            <dd>${bytesText(report.wal)}</dd>`
        }
      </dl>
      ${full !== undefined && compared(say, report, full)}
    </div>`
}

function compared(say: Say, report: RunReport, full: FullCopy): Markup {
  const bytes = report.bytes.source + report.bytes.cloud
  return html`<p>
    ${say(
      `全件をコピーした実行 ${full.run}（${count(full.rows)} 行、${bytesText(full.bytes)}、${secondsText(say, full.seconds)}）と比べて、`,
      `Compared with run ${full.run}, which copied everything (${count(full.rows)} rows, ${bytesText(full.bytes)}, ${secondsText(say, full.seconds)}): `,
    )}
    <strong
      >${say('通信量', 'traffic')}
      ${changeText(say, bytes, full.bytes)}${say('、', ', ')}${say('時間', 'time')}
      ${changeText(say, report.seconds.total, full.seconds)}</strong
    >
  </p>`
}

/** Also where nothing was saved. */
function changeText(say: Say, now: number, then: number): string {
  if (then <= 0) return '—'
  const percent = Math.round((1 - now / then) * 100)
  return percent >= 0
    ? say(`${percent} % 減`, `${percent} % less`)
    : say(`${-percent} % 増`, `${-percent} % more`)
}

export function phaseWord(say: Say, phase: string): string {
  if (!isPhase(phase)) return phase
  const { ja, en } = PHASE_WORDS[phase]
  return say<string>(ja, en)
}

function isPhase(name: string): name is keyof typeof PHASE_WORDS {
  return Object.hasOwn(PHASE_WORDS, name)
}
