import { deriveLayout, type Layout } from '../core/layout.js'
import type { Master } from '../core/master.js'
import { parseTableName, type TableName } from '../core/table-name.js'
import { readServer, readTable } from './catalog.js'
import { readKnownColumns } from './known-columns.js'
import type { Session } from './session.js'

/** Reads both servers' catalogs, and what the ledger knows of earlier runs, and fits the master to them; errors as `deriveLayout` and `readTable` throw them. */
export async function readLayout(source: Session, cloud: Session, master: Master): Promise<Layout> {
  const shapes = {
    source: {
      server: await readServer(source),
      table: await readTable(source, 'source', named(master.source.table), master.master),
    },
    list:
      master.targets.table === undefined
        ? undefined
        : await readTable(source, 'target list', named(master.targets.table), master.master),
    cloud: {
      server: await readServer(cloud),
      table: await readTable(cloud, 'cloud', named(master.cloud.table), master.master),
    },
  }
  return deriveLayout(master, shapes, await readKnownColumns(cloud, master.master))
}

/** The schema of the master's file has checked that the text is a table name. */
export function named(text: string): TableName {
  const table = parseTableName(text)
  if (table === undefined) throw new Error(`${text} is not a table name`)
  return table
}
