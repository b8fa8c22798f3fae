/** What the model knows: both tables, the list, the ledger and the master's file, as plain values. */

export const IDS = ['1', '2', '3', '4', '5'] as const
export const COLUMNS = ['a', 'b', 'c', 'd'] as const
export const POLICIES = ['overwrite', 'keep_edits', 'fill_empty', 'insert_only'] as const
export const CAUSES = ['untargeted', 'gone'] as const
export const LIMITED = ['inserts', 'updates', 'removals'] as const
export const REMOVALS = ['delete', 'keep', 'mark'] as const

export type Column = (typeof COLUMNS)[number]
export type Policy = (typeof POLICIES)[number]
type Removal = (typeof REMOVALS)[number]
export type Cause = (typeof CAUSES)[number]
export type Text = string | null
export type Values = Readonly<Record<Column, Text>>
export type Some = Readonly<Partial<Record<Column, Text>>>

export interface Mark {
  readonly reason: Text
  readonly at: Text
}
export const UNMARKED: Mark = { reason: null, at: null }

export interface CloudRow {
  readonly values: Values
  readonly locked: boolean
  /** sync_removed_reason, and for sync_removed_at the run that marked it. */
  readonly removed: Mark
}

export interface Conflict {
  /** What both sides last agreed on; undefined where nobody knows. */
  readonly base: Text | undefined
  readonly source: Text
  readonly cloud: Text
  readonly run: number
  /** A person's decision. */
  readonly take?: 'source' | 'cloud' | { readonly value: Text }
}
export type Conflicts = Readonly<Partial<Record<Column, Conflict>>>

export interface Tracked {
  readonly origin: 'synced' | 'adopted'
  /** What stands for the hash of the source row last written. */
  readonly applied: string
  /** The same of one that its lock has declined since. */
  readonly declined: string | null
  readonly outside: 'kept' | 'replaced' | 'marked_untargeted' | 'marked_gone' | null
  readonly bases: Some
  readonly conflicts: Conflicts
  readonly since: number
}

/** The part of the master's file that changes. */
export interface Rules {
  readonly policies: Readonly<Record<Column, Policy>>
  readonly removals: Readonly<Record<Cause, Removal>>
  /** At most so many rows of a kind; null: any number. */
  readonly limits: Readonly<Record<(typeof LIMITED)[number], number | null>>
}

export type HeldKind = 'inserts' | 'updates' | 'removals' | 'edits' | 'hold'

/** What a run would do with a row. */
export interface Planned {
  readonly id: string
  readonly kind: string
  /** What a person sees of either side: approved is this, and nothing else. */
  readonly source: string | undefined
  readonly image: string | undefined
  held: HeldKind | null
}

export interface Question {
  readonly run: number
  readonly asks: string
  readonly rows: readonly Planned[]
  state: 'open' | 'approved' | 'rejected' | 'superseded' | 'settled'
  successor: number | null
}

export type Cells = Readonly<Record<string, Text>>

/** A row of the history: what a run did to a row that was not new. */
export interface Change {
  readonly id: string
  readonly run: number
  readonly kind: 'restored' | 'adopted' | 'updated' | 'removed' | 'marked' | 'noted' | 'inserted' | 'left'
  /** The cells that changed, or of a removed row all; null where none. */
  readonly before: Cells | null
  readonly after: Cells | null
  /** The tracked row before. */
  readonly tracked: Tracked | undefined
  /** Of an undo: why it let the row be, or some of its cells. */
  readonly why: string | null
  undoneBy: number | null
}

/** An id that was issued anew. */
export interface Replacement {
  next: string
  /** null: it waits. */
  run: number | null
  /** The old id has left the list since. */
  offList: boolean
  /** In which order they were asked for. */
  asked: number
  /** Somebody saw that the new id had left the list while it waited for it. */
  givenUp: boolean
  /** Somebody saw that the old id was listed again after it was done. */
  listedSince: boolean
}

export interface State {
  readonly source: Map<string, Values>
  readonly list: Set<string>
  readonly cloud: Map<string, CloudRow>
  readonly tracked: Map<string, Tracked>
  rules: Rules
  /** The policies of the last full run that held no edits. */
  known: Rules['policies'] | undefined
  /** Those of all runs that wrote since the last full one, and of that. */
  readonly used: Set<string>
  /** Whether a full run has completed. */
  seasoned: boolean
  hold: boolean
  readonly questions: Question[]
  readonly history: Change[]
  /** By the old id. */
  readonly replacements: Map<string, Replacement>
  /** The list as the ledger knows it: as it was when somebody last changed it by a command. */
  readonly knownList: Set<string>
  /** Which run an undo took back. */
  readonly undoes: Map<number, number>
}

export function emptyState(rules: Rules): State {
  return {
    source: new Map(),
    list: new Set(),
    cloud: new Map(),
    tracked: new Map(),
    rules,
    known: undefined,
    used: new Set(),
    seasoned: false,
    hold: false,
    questions: [],
    history: [],
    replacements: new Map(),
    knownList: new Set(),
    undoes: new Map(),
  }
}

/** A cloud row as the history has it. */
export function cellsOf({ values, locked, removed }: CloudRow): Cells {
  return { ...values, locked: String(locked), ...marksOf({ removed }) }
}

export function marksOf({ removed }: Pick<CloudRow, 'removed'>): Cells {
  return { sync_removed_at: removed.at, sync_removed_reason: removed.reason }
}

/** The other way round. */
export function rowOf(cells: Cells): CloudRow {
  const { sync_removed_at: at = null, sync_removed_reason: reason = null } = cells
  return {
    values: Object.fromEntries(COLUMNS.map((column) => [column, cells[column] ?? null])) as Values,
    locked: cells['locked'] === 'true',
    removed: { at, reason },
  }
}
