/** What a run would do with a row, and why. The names stand in reports. */
export const PLAN_KINDS = [
  'insert',
  'restore',
  'adopt',
  'return',
  'revive',
  'source_changed',
  'cloud_changed',
  'both_changed',
  'settle',
  'edit_kept',
  'conflict',
  'locked',
  'delete_untargeted',
  'delete_gone',
  'mark_untargeted',
  'mark_gone',
  'keep',
  'forget',
] as const
export type PlanKind = (typeof PLAN_KINDS)[number]

export type PlanCounts = Readonly<Partial<Record<PlanKind, number>>>

/** What guards count together. */
export type GuardedKind = 'inserts' | 'updates' | 'removals'

interface KindMeaning {
  readonly meaning: string
  /** Missing: no guard counts it. */
  readonly guarded?: GuardedKind
  /** Whether the row is copied from the source. */
  readonly writes: boolean
}

export const PLANNED = {
  insert: { guarded: 'inserts', writes: true, meaning: 'listed, and not in the cloud' },
  restore: { guarded: 'inserts', writes: true, meaning: 'deleted in the cloud by someone else' },
  adopt: { guarded: 'updates', writes: true, meaning: "the cloud's own row, whose id is on the list" },
  return: { writes: true, meaning: 'was kept although it was to go, is listed again, and equal' },
  revive: {
    guarded: 'updates',
    writes: true,
    meaning: 'was kept or marked although it was to go, and is listed again',
  },
  source_changed: { guarded: 'updates', writes: true, meaning: 'changed at the source' },
  cloud_changed: {
    guarded: 'updates',
    writes: true,
    meaning: 'edited in the cloud, where the source decides',
  },
  both_changed: { guarded: 'updates', writes: true, meaning: 'changed on both sides' },
  settle: { writes: true, meaning: 'a conflict was decided, or the sides have agreed' },
  edit_kept: {
    guarded: 'updates',
    writes: true,
    meaning: 'changed at the source, but what people wrote in the cloud stays',
  },
  conflict: {
    guarded: 'updates',
    writes: true,
    meaning: 'both sides changed the same value, which becomes a conflict',
  },
  locked: {
    guarded: 'updates',
    writes: true,
    meaning: 'changed at the source, but locked in the cloud',
  },
  delete_untargeted: { guarded: 'removals', writes: false, meaning: 'left the list, to be deleted' },
  delete_gone: { guarded: 'removals', writes: false, meaning: 'left the source, to be deleted' },
  mark_untargeted: { guarded: 'removals', writes: false, meaning: 'left the list, to be marked' },
  mark_gone: { guarded: 'removals', writes: false, meaning: 'left the source, to be marked' },
  keep: { writes: false, meaning: 'left the list or the source, and stays' },
  forget: { writes: false, meaning: 'not ours any more: only the ledger changes' },
} as const satisfies Readonly<Record<PlanKind, KindMeaning>>

/** What a plan or a verification calls an update that would change nothing in the cloud. */
export const LEFT_KINDS = ['edit_kept', 'conflict', 'locked'] as const satisfies readonly PlanKind[]

/** Updates that may turn out to be such. */
export const UPDATE_KINDS = [
  'source_changed',
  'cloud_changed',
  'both_changed',
] as const satisfies readonly PlanKind[]

const KINDS: Readonly<Record<PlanKind, KindMeaning>> = PLANNED

export function guardedAs(kind: PlanKind): GuardedKind | undefined {
  return KINDS[kind].guarded
}

function kindsGuardedAs(guarded: GuardedKind): readonly PlanKind[] {
  return PLAN_KINDS.filter((kind) => guardedAs(kind) === guarded)
}

/** What is held where a guarded kind is beyond its limit: with removals all that leaves the comparison. */
export function kindsHeldWith(guarded: GuardedKind): readonly PlanKind[] {
  return guarded === 'removals' ? PLAN_KINDS.filter((kind) => !isWrite(kind)) : kindsGuardedAs(guarded)
}

export function isWrite(kind: PlanKind): boolean {
  return KINDS[kind].writes
}

/** Rows of the plan of which a guard counts the kind. */
export function countGuarded(counts: PlanCounts, guarded: GuardedKind): number {
  return kindsGuardedAs(guarded).reduce((sum, kind) => sum + (counts[kind] ?? 0), 0)
}
