import type { RunReport } from '../../../core/report.js'
import { count, secondsText } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { changedRows } from './words.js'

/** Units of the drawing, which is stretched to its place. */
const [STEP, WIDE, HIGH, LEAST] = [10, 7, 100, 2]

/**
 * The last runs as two rows of bars: how many rows each changed, and how long it took. The table below has the same
 * numbers.
 * @param reports newest first
 */
export function chart(visit: Visit, reports: readonly RunReport[]): Markup | undefined {
  const { say } = visit
  const runs = reports.filter(({ outcome }) => outcome !== null).reverse()
  if (runs.length < 2) return undefined
  return html`<div class="charts">
    ${bars(visit, runs, {
      title: say('変更した行数', 'Rows changed'),
      value: ({ mode, rows }) => (mode === 'apply' ? changedRows(rows) : 0),
      text: (rows) => say(`${count(rows)} 行`, `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`),
    })}
    ${bars(visit, runs, {
      title: say('所要時間', 'Time taken'),
      value: ({ seconds }) => seconds.total,
      text: (seconds) => secondsText(say, seconds),
    })}
  </div>`
}

interface Bars {
  readonly title: string
  readonly value: (report: RunReport) => number
  readonly text: (value: number) => string
}

function bars({ say }: Visit, runs: readonly RunReport[], { title, value, text }: Bars): Markup {
  const most = Math.max(...runs.map(value))
  const named = (run: RunReport | undefined) => run && say(`実行 ${run.run}`, `run ${run.run}`)
  const limit = say(`最大 ${text(most)}`, `at most ${text(most)}`)
  return html`<figure class="chart">
    <figcaption>${title} <span class="small soft">${limit}</span></figcaption>
    <svg
      role="img"
      viewBox="0 0 ${runs.length * STEP} ${HIGH}"
      preserveAspectRatio="none"
      aria-label="${title}: ${limit}"
    >
      ${runs.map((run, index) => {
        const tall = Math.max(LEAST, most === 0 ? 0 : (value(run) / most) * HIGH)
        return html`<rect
          class="${run.outcome === 'failed' && 'bad'}"
          x="${index * STEP + (STEP - WIDE) / 2}"
          y="${(HIGH - tall).toFixed(1)}"
          width="${WIDE}"
          height="${tall.toFixed(1)}"
        >
          <title>${named(run)}: ${text(value(run))}</title>
        </rect>`
      })}
    </svg>
    <div class="ends small soft">
      <span>${named(runs[0])}</span>
      <span>${named(runs.at(-1))}</span>
    </div>
  </figure>`
}
