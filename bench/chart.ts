import { CASES, type BenchResult } from './result.js'

const WIDTH = 860
const LEFT = 210
const BAR = 14
const GAP = 4
const COLOURS = ['#8a94a6', '#c4932f', '#7a6bb0', '#16795c', '#4fa98a']

/** Seconds as multiples of the COPY pipe's first load: one group of bars a case, on a transparent ground. */
export function drawChart({ measured, rows, targets }: BenchResult): string {
  const contenders = [...new Set(measured.map((one) => one.contender))]
  const yardstick = secondsOfOne(measured)
  const widest = Math.max(...measured.map((one) => one.ratio + (one.around ?? 0) / yardstick))
  const scale = (WIDTH - LEFT - 60) / widest
  const groupHeight = contenders.length * (BAR + GAP) + 18
  const top = 58
  const height = top + CASES.length * groupHeight + 30
  const bars = CASES.flatMap((name, group) => {
    const y = top + group * groupHeight
    return [
      text(LEFT - 12, y + groupHeight / 2 - 8, name, 'end', 13),
      ...contenders.flatMap((contender, index) => {
        const found = measured.find((one) => one.contender === contender && one.case === name)
        const ratio = found?.ratio ?? 0
        const around = (found?.around ?? 0) / yardstick
        const at = y + index * (BAR + GAP)
        const width = Math.max(1, ratio * scale)
        return [
          `<rect x="${LEFT}" y="${at}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${COLOURS[index] ?? '#555'}"/>`,
          around === 0
            ? ''
            : `<rect x="${(LEFT + width).toFixed(1)}" y="${at}" width="${(around * scale).toFixed(1)}" height="${BAR}" rx="2" fill="${COLOURS[index] ?? '#555'}" opacity="0.3"/>`,
          text(LEFT + width + around * scale + 6, at + BAR - 3, ratio.toFixed(2), 'start', 11),
        ]
      }),
    ]
  })
  const one = LEFT + scale
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" fill="#6b7686" role="img">
<title>Seconds as multiples of a COPY pipe: ${targets} of ${rows} rows</title>
${contenders.map((contender, index) => legend(index, contender)).join('\n')}
<line x1="${one}" x2="${one}" y1="${top - 12}" y2="${height - 30}" stroke="#8a94a6" stroke-dasharray="3 3"/>
${text(one, top - 16, '1 = COPY pipe', 'middle', 11)}
${bars.join('\n')}
${text(LEFT, height - 8, `seconds as multiples of the COPY pipe's first load, ${targets} of ${rows} rows; pale: the command's own start and end`, 'start', 11)}
</svg>
`
}

/** What the ratios are multiples of. */
function secondsOfOne(measured: BenchResult['measured']): number {
  const one = measured.find(({ ratio }) => ratio === 1)
  return one?.seconds ?? 1
}

function legend(index: number, name: string): string {
  const x = 20 + index * 170
  return `<rect x="${x}" y="12" width="12" height="12" rx="2" fill="${COLOURS[index] ?? '#555'}"/>${text(x + 18, 22, name, 'start', 12)}`
}

function text(x: number, y: number, value: string, anchor: string, size: number): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}">${value}</text>`
}
