import type { Master } from '../core/master.js'
import { inSession, type Database } from '../db/session.js'
import { readRunMetrics, type RunMetrics } from '../db/run-metrics.js'
import type { MasterState } from './metrics.js'

/** Well within the 10 s that Prometheus waits by default. */
const PATIENCE_MS = 3_000

/** Asks each ledger once, whoever wants to know at the same time; one that is away does not hold up the others. */
export class Collector {
  readonly #masters: () => readonly Master[]
  readonly #database: (variable: string) => Database
  #underWay: Promise<readonly MasterState[]> | undefined

  constructor(masters: () => readonly Master[], database: (variable: string) => Database) {
    this.#masters = masters
    this.#database = database
  }

  collect(): Promise<readonly MasterState[]> {
    this.#underWay ??= this.#ask().finally(() => (this.#underWay = undefined))
    return this.#underWay
  }

  async #ask(): Promise<readonly MasterState[]> {
    const masters = this.#masters()
    const variables = [...new Set(masters.map(({ cloud }) => cloud.database))]
    const groups = variables.map((variable) =>
      masters.filter(({ cloud }) => cloud.database === variable).map(({ master }) => master),
    )
    const answers = await Promise.all(
      variables.map((variable, index) => this.#read(variable, groups[index] ?? [])),
    )
    return groups.flatMap((group, index) =>
      group.map((master) => ({ master, metrics: answers[index]?.find((each) => each.master === master) })),
    )
  }

  /** @returns undefined where the ledger does not answer, for whatever reason: `up` says so */
  async #read(variable: string, masters: readonly string[]): Promise<readonly RunMetrics[] | undefined> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const late = new Promise<undefined>((resolve) =>
      signal.addEventListener('abort', () => {
        resolve(undefined)
      }),
    )
    const answer = Promise.resolve()
      .then(() =>
        inSession(
          this.#database(variable),
          (session) => readRunMetrics(session, masters, PATIENCE_MS),
          signal,
        ),
      )
      .catch(() => undefined)
    return Promise.race([answer, late])
  }
}
