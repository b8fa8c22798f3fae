import type { RunReport } from '../../../core/report.js'
import { count, secondsText } from '../../markup/format.js'
import { html, type Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'
import { changedRows } from './words.js'

const [WIDTH, HEIGHT, LEFT, TOP, BOTTOM] = [720, 110, 72, 14, 8]

/**
 * The last runs as two rows of bars: how many rows each changed, and how long it took. The table below has the same
 * numbers.
 * @param reports newest first
 */
export function chart({ say }: Visit, reports: readonly RunReport[]): Markup | undefined {
  const runs = reports.filter(({ outcome }) => outcome !== null).reverse()
  if (runs.length < 2) return undefined
  const of = (text: (report: RunReport) => string) => (report: RunReport) =>
    `${say(`実行 ${report.run}`, `run ${report.run}`)} · ${text(report)}`
  return html`<div class="charts">
    ${bars(runs, {
      id: 'rows',
      title: say('変更した行数', 'Rows changed'),
      value: ({ mode, rows }) => (mode === 'apply' ? changedRows(rows) : 0),
      text: count,
      label: of(({ rows }) => say(`${count(changedRows(rows))} 行`, `${count(changedRows(rows))} rows`)),
    })}
    ${bars(runs, {
      id: 'seconds',
      title: say('所要時間', 'Time taken'),
      value: ({ seconds }) => seconds.total,
      text: (seconds) => secondsText(say, seconds),
      label: of(({ seconds }) => secondsText(say, seconds.total)),
    })}
  </div>`
}

interface Bars {
  readonly id: string
  readonly title: string
  readonly value: (report: RunReport) => number
  readonly text: (value: number) => string
  readonly label: (report: RunReport) => string
}

function bars(runs: readonly RunReport[], { id, title, value, text, label }: Bars): Markup {
  const most = Math.max(...runs.map(value))
  const step = (WIDTH - LEFT) / runs.length
  const high = HEIGHT - TOP - BOTTOM
  const [first, last] = [runs[0], runs.at(-1)]
  const described = [first, last].flatMap((run) => (run === undefined ? [] : [label(run)])).join(' … ')
  return html`<svg
    class="chart"
    role="img"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    aria-labelledby="${id}-title ${id}-desc"
  >
    <title id="${id}-title">${title}</title>
    <desc id="${id}-desc">${described}</desc>
    <text class="axis" x="0" y="${TOP - 2}">${title}</text>
    <text class="axis" x="${LEFT - 6}" y="${TOP + 10}" text-anchor="end">${text(most)}</text>
    <text class="axis" x="${LEFT - 6}" y="${HEIGHT - BOTTOM}" text-anchor="end">${text(0)}</text>
    <line class="axis" x1="${LEFT}" y1="${HEIGHT - BOTTOM}" x2="${WIDTH}" y2="${HEIGHT - BOTTOM}" />
    ${runs.map((run, index) => {
      const tall = most === 0 ? 0 : (value(run) / most) * high
      return html`<rect
        class="bar ${run.outcome === 'failed' ? 'bad' : ''}"
        x="${(LEFT + index * step + step * 0.15).toFixed(1)}"
        y="${(HEIGHT - BOTTOM - tall).toFixed(1)}"
        width="${(step * 0.7).toFixed(1)}"
        height="${tall.toFixed(1)}"
      >
        <title>${label(run)}</title>
      </rect>`
    })}
  </svg>`
}
