import type { Layout } from '../../core/layout.js'
import type { Master } from '../../core/master.js'
import type { ColumnShape, TableShape } from '../../core/shape.js'
import type { OwnType } from '../../db/own-types.js'

/** A master with all that its tables are made from. */
export interface PlannedMaster {
  readonly master: Master
  readonly source: TableShape
  /** Whether the master table is to be created. */
  readonly isNew: boolean
  /** Whether imports write there. */
  readonly imports: boolean
  readonly copied: readonly ColumnShape[]
  /** Of the list, where it is to be created. */
  readonly newList: readonly ColumnShape[] | undefined
  readonly layout: Layout
  readonly types: readonly OwnType[]
}

/** Who needs what: the worker reads on-prem and writes in the cloud, people edit the list; imports write the master. */
export interface Roles {
  readonly reader: string
  readonly editor: string
  readonly writer: string
  readonly importer: string
}

export function rolesOf(prefix: string): Roles {
  return {
    reader: `${prefix}_reader`,
    editor: `${prefix}_editor`,
    writer: `${prefix}_writer`,
    importer: `${prefix}_importer`,
  }
}
