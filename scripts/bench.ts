import { writeFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from '@commander-js/extra-typings'
import { drawChart } from '../bench/chart.js'
import { renderBench } from '../bench/render.js'
import { EXIT } from '../core/error-catalogue.js'
import { endSoon, guarded, print, printJson, say } from './command.js'
import { provideLocalVariables } from './local-variables.js'
import { JSON_RESULT } from './shared-options.js'

function count(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 100) return value
  throw new InvalidArgumentError('it takes a whole number from 100')
}

function odd(text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value > 0 && value % 2 === 1) return value
  throw new InvalidArgumentError('it takes an odd number, of which one is the median')
}

/** Rejects on Ctrl-C or SIGTERM. */
function interrupted(): Promise<never> {
  return new Promise((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => reject(new Interrupted()))
  })
}

class Interrupted extends Error {}

export const bench = new Command('bench')
  .description('measure beside a COPY pipe, an upsert and postgres_fdw, on servers of its own / 性能測定')
  .option('--rows <n>', 'rows of the on-prem table / オンプレの表の行数', count, 250_000)
  .option('--targets <n>', 'ids on the list / 対象の数', count, 100_000)
  .option('--rounds <n>', 'timed rounds, of which the median counts / 測定回数（中央値を採用）', odd, 3)
  .option('--svg <file>', 'draw the ratios into an SVG file / 比率の図を SVG に出力')
  .addOption(JSON_RESULT)
  .action(async ({ rows, targets, rounds, svg, json }) => {
    process.exitCode = await guarded(
      async () => {
        // Its embedded servers are there in a checkout only.
        const { runBench } = await import('../bench/run.js')
        provideLocalVariables()
        const sizes = { rows, targets: Math.min(rows - rounds - 1, targets), rounds }
        const result = await runBench(sizes, say, interrupted()).catch((error: unknown) => {
          if (error instanceof Interrupted) return undefined
          throw error
        })
        if (result === undefined) return EXIT.interrupted
        if (svg !== undefined) await writeFile(svg, drawChart(result))
        if (json === true) printJson(result)
        else print(renderBench(result))
        return EXIT.done
      },
      { json },
    )
    endSoon()
  })
