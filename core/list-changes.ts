/** The list that the on-prem table itself is: what people put there by hand, by whatever way. */
export const TABLE_LIST = 'table'

/** Some of the entries that a reading adds, changes or removes, and how many there are. */
export interface ChangedEntries {
  readonly rows: number
  readonly sample: readonly { readonly id: string; readonly note: string | null }[]
}

/** What a reading of a list does to what is known of it. */
export interface ListChanges {
  readonly added: ChangedEntries
  /** Their notes. */
  readonly changed: ChangedEntries
  readonly removed: ChangedEntries
}

export function countChanges({ added, changed, removed }: ListChanges): number {
  return added.rows + changed.rows + removed.rows
}
