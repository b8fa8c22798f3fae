import { formatKey, parseKey } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { PlanKind } from '../core/plan.js'
import type { Held } from '../core/question.js'
import type { Reject } from '../core/results.js'
import { openQuestion, standingRejection, type AskedQuestion } from '../db/answers.js'
import { heldRows } from '../db/held-rows.js'
import { requireLedger } from '../db/migrate.js'
import { countRejects, listRejects } from '../db/rejects.js'
import type { App } from './app.js'
import { oneRun, type RunDetail } from './runs.js'

/** What waits for a person's word, with the run that asks. */
export interface OpenQuestion {
  readonly question: AskedQuestion
  readonly detail: RunDetail
}

export interface Waiting {
  readonly open: readonly OpenQuestion[]
  /** What was answered with no, and is still found. */
  readonly rejected: AskedQuestion | undefined
}

/** What syncs and imports of the master ask at present. */
export async function waiting(app: App, master: Master): Promise<Waiting> {
  const { questions, rejected } = await app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const found = [
      await openQuestion(cloud, master.master, 'sync'),
      await openQuestion(cloud, master.master, 'import'),
    ]
    return {
      questions: found.filter((question) => question !== undefined),
      rejected: await standingRejection(cloud, master.master),
    }
  })
  const open = questions.map(async (question) => ({
    question,
    detail: await oneRun(app, master, question.run),
  }))
  return { open: await Promise.all(open), rejected }
}

export interface HeldPage {
  readonly rows: readonly { readonly id: string; readonly kind: PlanKind; readonly held: Held['kind'] }[]
  /** The id after which the next page begins. */
  readonly next: string | undefined
}

/** Rows that a question is about. @throws SyncError ID_INVALID */
export function pageOfHeld(
  app: App,
  master: Master,
  question: number,
  after: string | undefined,
  limit: number,
): Promise<HeldPage> {
  const from = after === undefined ? undefined : parseKey(after, master.source.key)
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const found = await heldRows(cloud, question, from, limit + 1)
    const rows = found.slice(0, limit).map(({ key, ...row }) => ({ id: formatKey(key), ...row }))
    return { rows, next: found.length > limit ? rows.at(-1)?.id : undefined }
  })
}

export interface Refused {
  readonly total: number
  readonly rows: readonly Reject[]
}

/** Rows that the cloud refuses at present. */
export function refusedRows(app: App, master: Master, limit: number): Promise<Refused> {
  return app.onCloud(master, async (cloud) => {
    await requireLedger(cloud)
    const rows = await listRejects(cloud, master.master, limit)
    return {
      total: await countRejects(cloud, master.master),
      rows: rows.map(({ key, ...refusal }) => ({ id: formatKey(key), ...refusal })),
    }
  })
}
