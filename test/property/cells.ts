import {
  COLUMNS,
  type Policy,
  type Column,
  type CloudRow,
  type Conflict,
  type Some,
  type State,
  type Text,
  type Tracked,
  type Values,
} from './state.js'

/*
 * The design's table of column policies, cell by cell. Nothing is hashed here: what the engine hashes stands for itself,
 * as a list of values.
 */

type Policies = State['rules']['policies']

export function isProtected(policies: Policies, column: Column): boolean {
  return policies[column] === 'keep_edits' || policies[column] === 'fill_empty'
}

/** What a source row hashes to: all but the columns that are written once. */
export function hashOf(policies: Policies, id: string, values: Values): string {
  return JSON.stringify([id, ...COLUMNS.filter((c) => policies[c] !== 'insert_only').map((c) => values[c])])
}

/** What of a tracked cloud row is compared with the source. */
export function imageOf(policies: Policies, id: string, row: CloudRow, tracked: Tracked): string {
  if (row.locked) return seenOf(row, tracked)
  const shown = (column: Column): Text => {
    const cloud = row.values[column]
    const base = tracked.bases[column]
    if (!isProtected(policies, column) || base === undefined) return cloud
    return policies[column] === 'fill_empty' && isEmpty(cloud) ? cloud : base
  }
  return hashOf(policies, id, mapColumns(shown))
}

/** The source row that a cloud row was last held against. */
export function seenOf({ locked }: CloudRow, { applied, declined }: Tracked): string {
  return locked ? (declined ?? applied) : applied
}

/** What becomes of a cell. */
export type Outcome =
  | { readonly does: 'leave' }
  | { readonly does: 'write'; readonly value: Text }
  | { readonly does: 'conflict'; readonly conflict: Conflict }

const LEAVE: Outcome = { does: 'leave' }

export function decideCell(
  policy: Policies[Column],
  source: Text,
  cloud: Text,
  { base, open, stood, run }: CellContext,
): Outcome {
  const takeSource: Outcome = { does: 'write', value: source }
  switch (policy) {
    case 'overwrite':
      return takeSource
    case 'fill_empty':
      return isEmpty(cloud) ? takeSource : LEAVE
    case 'insert_only':
      return LEAVE
    case 'keep_edits': {
      const same = open?.source === source && open.cloud === cloud
      if (same && open.take !== undefined) {
        if (open.take === 'cloud') return LEAVE
        return open.take === 'source' ? takeSource : { does: 'write', value: open.take.value }
      }
      const agreed = open !== undefined ? open.base : base !== undefined ? base : stood
      if (source === agreed) return LEAVE
      if (cloud === source) return LEAVE
      if (cloud === agreed) return takeSource
      const conflict = { base: agreed, source, cloud, run: open?.run ?? run }
      return { does: 'conflict', conflict }
    }
  }
}

export interface CellContext {
  /** The source's value when the row was last decided; undefined: the column was not protected then. */
  readonly base: Text | undefined
  /** The conflict that stands. */
  readonly open: Conflict | undefined
  /** The value of the side that is known not to have moved since; undefined where both may have. */
  readonly stood: Text | undefined
  readonly run: number
}

/** The source's values of the protected columns, to be known the next time. */
export function basesOf(policies: Policies, values: Values): Some {
  return Object.fromEntries(COLUMNS.filter((c) => isProtected(policies, c)).map((c) => [c, values[c]]))
}

/** Whether the cell holds what someone wrote in the cloud, as far as a base tells. */
export function isEdited(policy: Policy, cloud: Text, base: Text | undefined): boolean {
  if (policy === 'insert_only' || (policy === 'fill_empty' && isEmpty(cloud))) return false
  return base !== undefined && cloud !== base
}

/** Whether anything of the row does, as far as it can be told. */
export function hasEdits(policies: Policies, id: string, row: CloudRow, tracked: Tracked): boolean {
  // Of a column that is protected only since, no base tells; whether anyone touched the row at all does.
  const unknown = COLUMNS.some((c) => isProtected(policies, c) && tracked.bases[c] === undefined)
  if (unknown && imageOf(policies, id, row, tracked) !== seenOf(row, tracked)) return true
  return COLUMNS.some((c) => isEdited(policies[c], row.values[c], tracked.bases[c]))
}

export function isEmpty(text: Text): boolean {
  return text === null || text === ''
}

export function mapColumns(value: (column: Column) => Text): Values {
  return Object.fromEntries(COLUMNS.map((column) => [column, value(column)])) as Values
}
