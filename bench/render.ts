import { CASES, type BenchResult, type Figure, type Measured } from './result.js'

const MEGABYTE = 1e6

/** The result as Markdown tables, fit for a terminal and for docs/performance.md. */
export function renderBench(result: BenchResult): string {
  const own = result.measured.filter(({ around }) => around !== null)
  const phases = [...new Set(own.flatMap((one) => Object.keys(one.phases)))]
  const megabytes = (bytes: number | null): string =>
    bytes === null ? '-' : String(Math.round(bytes / MEGABYTE))
  return [
    `${result.rows} rows of ${result.row_bytes} bytes, ${result.targets} listed; medians of ${result.rounds}; ${result.machine}`,
    '',
    table(['seconds (ratio)', ...CASES], byContender(result, secondsOf)),
    '',
    table(['MB on the wire: source, cloud', ...CASES], byContender(result, bytesOf)),
    '',
    table(['cloud WAL, MB (dead tuples)', ...CASES], byContender(result, writesOf)),
    '',
    table(
      ['seconds by phase', ...phases, 'start and end'],
      own.map((one) => [
        `${one.contender}, ${one.case}`,
        ...phases.map((phase) => (one.phases[phase] ?? 0).toFixed(2)),
        one.around?.toFixed(2) ?? '-',
      ]),
    ),
    '',
    table(['taking over a new list', 'seconds (ratio)'], result.lists.map(figure)),
    '',
    table(['importing a published file', 'seconds (ratio)'], result.imports.map(figure)),
    '',
    table(
      ['looking for rows of a register', 'p50, ms', 'p95, ms'],
      result.searches.map(({ what, p50, p95 }) => [what, String(p50), String(p95)]),
    ),
    '',
    `worker memory: ${megabytes(result.idle_memory)} MB idle, ${megabytes(result.peak_memory)} MB at most`,
  ].join('\n')
}

function figure({ what, seconds, ratio }: Figure): readonly string[] {
  return [what, `${seconds.toFixed(2)} (${ratio.toFixed(1)})`]
}

function secondsOf({ seconds, ratio }: Measured): string {
  return `${seconds.toFixed(2)} (${ratio.toFixed(2)})`
}

function bytesOf({ bytes }: Measured): string {
  return `${(bytes.source / MEGABYTE).toFixed(2)}, ${(bytes.cloud / MEGABYTE).toFixed(2)}`
}

function writesOf({ wal, dead_tuples: dead }: Measured): string {
  return `${(wal / MEGABYTE).toFixed(2)} (${dead})`
}

function byContender({ measured }: BenchResult, cell: (one: Measured) => string): readonly string[][] {
  const contenders = [...new Set(measured.map((one) => one.contender))]
  return contenders.map((contender) => [
    contender,
    ...CASES.map((name) => {
      const found = measured.find((one) => one.contender === contender && one.case === name)
      return found === undefined ? '-' : cell(found)
    }),
  ])
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
