import { dataSources } from '../core/data-source.js'
import { NO_ROWS } from '../core/empty-report.js'
import { countGuarded, isWrite, LEFT_KINDS, PLAN_KINDS, type PlanCounts } from '../core/plan.js'
import type { Held, Question } from '../core/question.js'
import { differences, type Outcome, type RowCounts, type RunReport } from '../core/report.js'
import { publishedLists } from '../db/published-lists.js'
import { readListsOf } from '../db/target-lists.js'
import { sampleMissing, sampleMissingListed, type MissingId } from '../db/missing.js'
import { samplePlan } from '../db/plan-rows.js'
import { countRejects } from '../db/rejects.js'
import { readPublications } from '../db/publications.js'
import { replacedIds } from '../db/replaced-ids.js'
import { countReplaced } from '../db/replacements.js'
import { starterOf, walPosition, type RunContext } from '../db/runs.js'
import { sumSegments, type RunTotals } from '../db/segments.js'
import { inSession, type Session } from '../db/session.js'
import { countStanding } from '../db/standing.js'
import type { ActivityDeps } from './deps.js'
import type { CloseRunInput } from './ended-run.js'
import type { ProvenSegment } from './prove-segment.js'

/** What a run has held back, and the question that stands for it. */
export interface HeldBack {
  /** Rows by what was planned. */
  readonly counts: PlanCounts
  readonly kinds: readonly Held[]
  readonly question: Question | null
}

/**
 * What a run comes to.
 * @param blank the report of a run of which nothing but its beginning and its end is known
 * @param missingIds some listed ids that the source lacks
 */
export async function makeReport(
  cloud: Session,
  input: CloseRunInput,
  context: RunContext | undefined,
  blank: RunReport,
  missingIds: readonly MissingId[],
  held: HeldBack,
): Promise<RunReport> {
  const { run } = blank
  const totals = await sumSegments(cloud, run)
  const missing = totals.listed - totals.present
  const finished = input.ended.kind === 'finished'
  const rejected = await countRejects(cloud, input.master)
  const standing = context === undefined ? {} : await countStanding(cloud, context.layout, input.master)
  const replaced = await countReplaced(cloud, input.master, run)
  const counted =
    input.mode === 'apply'
      ? writtenRows(totals, input, await countRejects(cloud, input.master, run), held.counts, replaced.rows)
      : plannedRows(totals, held.counts)
  const rows: RowCounts = { ...counted, ...standing, held: sum(held.counts), rejected }
  return {
    ...blank,
    outcome: finished ? outcomeOf(input, rows, held.question, replaced.ids) : blank.outcome,
    started_by: blank.started_by ?? (await starterOf(cloud, blank.workflow.run_id)),
    targets: totals.listed,
    missing,
    missing_ids: [...missingIds],
    lists: [...(await readListsOf(cloud, run))],
    published: [...(await publishedLists(cloud, input.master, context?.master.targets.publish ?? []))],
    sources: dataSources(await readPublications(cloud, input.master)),
    // A run that broke off has not looked at every row.
    rows: finished ? rows : { ...rows, unchanged: 0 },
    replaced: await replacedIds(cloud, input.master, input.undoes ?? run, input.undoes !== undefined),
    planned: totals.planned,
    held: [...held.kinds],
    question: held.question,
    uncopied: [...(context?.layout.uncopied ?? [])],
    bytes: { ...blank.bytes, cloud: blank.bytes.cloud + cloud.traffic() },
    wal: input.wal === undefined ? 0 : Math.max(0, (await walPosition(cloud)) - input.wal),
    equal: finished ? equality(input, rows) : null,
    unequal_ids: input.mode === 'verify' ? [...(await samplePlan(cloud, run))] : [...input.proof.sample],
  }
}

function outcomeOf(
  input: CloseRunInput,
  rows: RowCounts,
  question: Question | null,
  replaced: number,
): Outcome {
  if (question?.state === 'open') return 'awaiting_approval'
  if (rows.rejected > 0) return 'completed_with_rejects'
  const idle = input.work === 0 && rows.moved === 0 && input.undoes === undefined && replaced === 0
  return idle ? 'nothing_to_do' : 'completed'
}

/** A plan proves nothing; a verification does by its comparison, an apply by the proof of what it wrote. */
function equality(input: CloseRunInput, rows: RowCounts): boolean | null {
  if (input.mode === 'plan' || input.undoes !== undefined) return null
  return input.mode === 'verify' ? differences(rows) === 0 : input.proof.unequal === 0
}

/**
 * @param refused rows that this run refused, or found refused again
 * @param held rows that it did not copy
 * @param replaced rows that it wrote so that one took the place of another
 */
function writtenRows(
  { present, written }: RunTotals,
  { proof, undone }: { readonly proof: ProvenSegment; readonly undone?: Partial<RowCounts> },
  refused: number,
  held: PlanCounts,
  replaced: Pick<RowCounts, 'updated' | 'marked'>,
): RowCounts {
  if (undone !== undefined) return { ...NO_ROWS, ...undone }
  const of = (name: string): number => written[name] ?? 0
  const updated = of('updated') + replaced.updated
  const changed = of('inserted') + of('restored') + updated + of('adopted')
  const other = refused - of('stuck') + of('moved') + of('declined')
  return {
    ...NO_ROWS,
    inserted: of('inserted'),
    restored: of('restored'),
    updated,
    adopted: of('adopted'),
    removed: of('removed'),
    marked: of('marked') + replaced.marked,
    unchanged: Math.max(0, present - changed - other - sum(writesOf(held))),
    moved: of('moved') + proof.moved,
  }
}

function sum(counts: PlanCounts): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

/** Of the counts those of rows that the source is copied to. */
function writesOf(counts: PlanCounts): PlanCounts {
  return Object.fromEntries(PLAN_KINDS.filter(isWrite).map((kind) => [kind, counts[kind] ?? 0]))
}

/** What a run would do by itself. */
function plannedRows({ present, planned }: RunTotals, held: PlanCounts): RowCounts {
  const free: PlanCounts = Object.fromEntries(
    PLAN_KINDS.map((kind) => [kind, (planned[kind] ?? 0) - (held[kind] ?? 0)]),
  )
  const of = (kind: keyof PlanCounts): number => free[kind] ?? 0
  const { insert = 0, restore = 0, adopt = 0 } = free
  const left = LEFT_KINDS.reduce((total, kind) => total + of(kind), 0)
  const updated = countGuarded(free, 'updates') - adopt - left + of('settle')
  return {
    ...NO_ROWS,
    inserted: insert,
    restored: restore,
    updated,
    adopted: adopt,
    removed: of('delete_untargeted') + of('delete_gone'),
    marked: of('mark_untargeted') + of('mark_gone'),
    unchanged: Math.max(0, present - sum(writesOf(planned)) + of('edit_kept') + of('conflict')),
  }
}

/** Of a full run that has ended well: listed ids that the source lacks, some of them. */
export async function readMissing(
  deps: ActivityDeps,
  cloud: Session,
  input: CloseRunInput,
  context: RunContext | undefined,
): Promise<readonly MissingId[]> {
  if (input.ended.kind !== 'finished' || context === undefined || context.only !== undefined) return []
  const { listed, present } = await sumSegments(cloud, context.run)
  if (listed === present) return []
  const variable = input.ref?.source ?? context.master.source.database
  const { layout } = context
  // Only a help: a source that is away, or slow, does not keep a run from closing.
  return inSession(deps.database('source', variable), (source) =>
    layout.list === undefined
      ? sampleMissingListed(source, cloud, layout, input.master)
      : sampleMissing(source, layout),
  ).catch(() => [])
}
