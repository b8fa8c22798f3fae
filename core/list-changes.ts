/** The list that the on-prem table itself is: what people put there by hand, by whatever way. */
export const TABLE_LIST = 'table'

export const LIST_CHANGES = ['added', 'changed', 'removed'] as const
/** added: the id · changed: its note · removed: the id. */
export type ListChange = (typeof LIST_CHANGES)[number]

/** How many entries a reading of a list adds, changes and removes. */
export type ListCounts = Readonly<Record<ListChange, number>>

export const NO_LIST_CHANGES: ListCounts = { added: 0, changed: 0, removed: 0 }

/** The same with some of them, by id. */
export type ListChanges = Readonly<
  Record<
    ListChange,
    {
      readonly rows: number
      readonly sample: readonly { readonly id: string; readonly note: string | null }[]
    }
  >
>
