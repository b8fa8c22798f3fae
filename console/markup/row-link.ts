import type { Master } from '../../core/master.js'
import type { SearchColumns } from '../../core/search-columns.js'
import type { SeenRow } from '../../operations/seen-rows.js'

/** The address of the page of one row. */
export function rowPath({ master }: Master, id: string): string {
  return `/${master}/rows/${encodeURIComponent(id)}`
}

/** What people call a row. */
export function nameOf({ show: [first] }: SearchColumns, { id, values }: SeenRow): string {
  return (first === undefined ? undefined : values?.[first]) ?? id
}
