import { SyncError } from './errors.js'
import type { Question } from './question.js'

interface Asked extends Question {
  readonly about?: 'sync' | 'import'
}

/**
 * Why a run cannot be answered any more, what became of its question, and which run asks now.
 * @param asks the run that asks at present
 */
export function questionClosed(
  master: string,
  run: number,
  question: Asked | undefined,
  asks: number | undefined,
): SyncError {
  return new SyncError('QUESTION_CLOSED', message(run, question, asks), {
    remedy: remedy(master, question, asks).join('\n'),
  })
}

function remedy(
  master: string,
  question: Asked | undefined,
  asks: number | undefined,
): readonly [string, ...string[]] {
  const on = `--master ${master}`
  if (asks !== undefined)
    return [
      `See what is asked now: master-sync runs ${asks} ${on}`,
      `then: master-sync approve ${asks} ${on}, or master-sync reject ${asks} ${on}`,
    ]
  const look = `See what the last runs did: master-sync runs ${on}`
  return question?.state === 'rejected' ? [look, `To do it all the same: ${again(question, master)}`] : [look]
}

function again({ about }: Asked, master: string): string {
  return about === 'import'
    ? `master-sync import FILE… --approve --master ${master}`
    : `master-sync start-sync ${master} --approve`
}

function message(run: number, question: Question | undefined, asks: number | undefined): string {
  const now = asks === undefined ? '' : `; run ${asks} asks now`
  if (question === undefined) return `run ${run} asks nothing${now}`
  const { state, decided_by: by, decided_at: at, expires_at: expiry, successor } = question
  const which =
    question.run === run
      ? `the question of run ${run}`
      : `run ${run} asks what run ${question.run} did, which`
  const decided = `${by === null ? '' : ` by ${by}`}${at === null ? '' : ` at ${at}`}`
  switch (state) {
    case 'approved':
      return `${which} was approved${decided}${successor === null ? '' : `, in run ${successor}`}${now}`
    case 'rejected':
      return `${which} was rejected${decided}${now}`
    case 'superseded':
      return `${which} was superseded${now !== '' || successor === null ? now : `: run ${successor} found otherwise`}`
    case 'expired':
      return `${which} expired at ${expiry}${now}`
    case 'settled':
    case 'open':
      return `${which} is settled: a later run found nothing left to ask${now}`
  }
}
