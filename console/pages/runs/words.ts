import { heldWords, PLAN_WORDS_JA } from '../../../core/plan-words.js'
import { PLANNED, type PlanKind } from '../../../core/plan.js'
import type { Held } from '../../../core/question.js'
import {
  ROW_COUNTS,
  type Outcome,
  type RowCounts,
  type RunKind,
  type RunReport,
} from '../../../core/report.js'
import { ROW_WORDS_JA } from '../../../core/row-words.js'
import { KIND_WORDS, MODE_WORDS, OUTCOME_WORDS } from '../../../core/run-words.js'
import { html, type Markup } from '../../markup/html.js'
import type { Say } from '../../request/language.js'

type RowName = keyof RowCounts

/** The same, where the rows are those of the master and not of the cloud. */
const IMPORTED: Readonly<Partial<Record<RowName, { readonly ja: string; readonly en: string }>>> = {
  marked: { ja: '廃止', en: 'closed' },
  rejected: { ja: '除外', en: 'left out' },
}

/** What happened to rows. */
export function rowWord(say: Say, kind: RunKind, name: RowName): string {
  const other = kind === 'import' ? IMPORTED[name] : undefined
  return other === undefined ? say<string>(ROW_WORDS_JA[name], name) : say(other.ja, other.en)
}

/** What was to be done with a row, and why. */
export function plannedWord(say: Say, kind: PlanKind): string {
  return say<string>(PLAN_WORDS_JA[kind], PLANNED[kind].meaning)
}

export function heldWord(say: Say, ran: RunKind, kind: Held['kind']): string {
  const { ja, en } = heldWords(ran, kind)
  return say(ja, en)
}

/** What a run is: one that takes another back, or does what it was not to do by itself, is no ordinary one. */
export function whatWord(
  say: Say,
  { kind, mode, undoes, answers }: Pick<RunReport, 'kind' | 'mode' | 'undoes' | 'answers'>,
): string {
  if (undoes !== null) return say(`実行 ${undoes} の取り消し`, `undo of run ${undoes}`)
  if (answers !== null) return say(`実行 ${answers} の承認`, `approval of run ${answers}`)
  const { ja, en } = mode === 'apply' ? KIND_WORDS[kind] : MODE_WORDS[mode]
  return say(ja, en)
}

const TONES: Readonly<Record<Outcome, string>> = {
  completed: 'good',
  nothing_to_do: 'good',
  completed_with_rejects: 'warn',
  awaiting_approval: 'warn',
  rejected: 'warn',
  failed: 'bad',
  cancelled: 'warn',
}

/** How a run ended. */
export function outcomeTag(say: Say, outcome: Outcome | null): Markup {
  if (outcome === null) return html`<span class="tag">${say('実行中', 'under way')}</span>`
  const { ja, en } = OUTCOME_WORDS[outcome]
  return html`<span class="tag ${TONES[outcome]}">${say<string>(ja, en)}</span>`
}

/** Whether both sides were proven equal. */
export function proofTag(say: Say, { equal, rows, mode }: RunReport): Markup {
  if (equal === null)
    return html`<span class="soft">${mode === 'plan' ? say('書込みなし', 'nothing written') : '—'}</span>`
  if (!equal) return html`<span class="tag bad">${say('不一致', 'NOT EQUAL')}</span>`
  const apart = (['rejected', 'held'] as const).filter((name) => rows[name] > 0)
  if (apart.length === 0) return html`<span class="tag good">${say('一致', 'equal')}</span>`
  const which = apart.map((name) => say(`${ROW_WORDS_JA[name]} ${rows[name]} 行`, `${rows[name]} ${name}`))
  return html`<span class="tag warn"
    >${say(`${which.join('、')}を除き一致`, `equal but for ${which.join(', ')}`)}</span
  >`
}

/** What stands at the close of a run, and is not of its doing. */
const STANDING: readonly RowName[] = ['unchanged', 'locked', 'held', 'altered', 'conflicts', 'rejected']

/** What a run did with rows. */
export const DONE = ROW_COUNTS.filter((name) => !STANDING.includes(name))

/** Rows that a run has changed, in the cloud or at the source. */
export function changedRows({ inserted, updated, removed, marked, restored, adopted }: RowCounts): number {
  return inserted + updated + removed + marked + restored + adopted
}
