import { PHASE_WORDS } from '../core/run-words.js'
import type { Sight } from '../operations/follow.js'
import type { Phase } from '../workflows/state.js'
import { formatSeconds, thousands } from './table.js'

/** Redrawn this often at most where it is not a terminal, and whenever the phase changes. */
const PLAIN_EVERY_MS = 5_000

/** Draws where a run stands on one line of a terminal, or as single lines elsewhere. */
export class ProgressLine {
  readonly #out: NodeJS.WriteStream
  #phase: Phase | undefined
  #phaseBegan = 0
  #printed = 0
  #told = ''

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  readonly show = (sight: Sight): void => {
    const now = performance.now()
    const phase = sight.progress?.phase
    const changed = phase !== this.#phase
    if (changed) {
      this.#phase = phase
      this.#phaseBegan = now
    }
    if (sight.retrying !== undefined && sight.retrying !== this.#told) {
      this.#told = sight.retrying
      this.#write(`waiting / 待機中: ${sight.retrying}`, true)
    }
    if (!this.#out.isTTY && !changed && now - this.#printed < PLAIN_EVERY_MS) return
    this.#printed = now
    this.#write(this.#text(sight, (now - this.#phaseBegan) / 1000), false)
  }

  /** Leaves the terminal on a line of its own. */
  readonly end = (): void => {
    if (this.#out.isTTY) this.#out.write('\r\u001b[K')
  }

  #text({ progress }: Sight, seconds: number): string {
    if (progress === undefined) return 'waiting for a worker / ワーカー待ち'
    const { phase, rows, segments, run } = progress
    const parts = [`${run === undefined ? '' : `run ${run} `}${phaseText(phase)}`]
    if (
      rows.total > 0 &&
      segments.total > 0 &&
      (phase === 'compare' || phase === 'apply' || phase === 'prove')
    ) {
      parts.push(`${thousands(rows.done)} / ${thousands(rows.total)} rows`)
      const rate = seconds > 0 ? rows.done / seconds : 0
      if (rate > 0) {
        parts.push(`${thousands(Math.round(rate))} rows/s`)
        parts.push(`${formatSeconds((rows.total - rows.done) / rate)} left / 残り`)
      }
    }
    parts.push(formatSeconds(progress.seconds))
    return parts.join(' · ')
  }

  #write(text: string, keep: boolean): void {
    if (this.#out.isTTY) this.#out.write(`\r\u001b[K${text}${keep ? '\n' : ''}`)
    else this.#out.write(`${text}\n`)
  }
}

function phaseText(phase: Phase): string {
  const { en, ja } = PHASE_WORDS[phase]
  return `${en} / ${ja}`
}
