import { sql } from 'kysely'
import { formatTableName, type TableName } from '../core/table-name.js'
import { LEDGER_SCHEMA } from './ledger.js'
import { sqlText } from './recorded-sql.js'
import { block, when } from './script.js'
import { findTable } from './table-ddl.js'

/** Ends a script that is to be run on-prem anywhere else. The copy may be called as its source is; then the ledger tells. */
export function demandOnPrem(tables: readonly TableName[]): string {
  return block([
    ...tables.map((table) =>
      when(`not ${isThere(table)}`, [
        refuse(`this is not the ON-PREM database: it has no ${formatTableName(table)}`),
      ]),
    ),
    when(isThere({ schema: LEDGER_SCHEMA, name: 'runs' }), [
      refuse(`this is not the ON-PREM database but a cloud database: it has the ledger ${LEDGER_SCHEMA}`),
    ]),
  ])
}

/** Ends a script that is to be run in the cloud where a master and its list are: on-prem. */
export function demandCloud(
  masters: readonly { readonly source: TableName; readonly list: TableName }[],
): string {
  return block(
    masters.map(({ source, list }) =>
      when(`${isThere(source)} and ${isThere(list)}`, [
        refuse(
          `this is not the CLOUD database but an on-prem database: it has ${formatTableName(source)} and its target list ${formatTableName(list)}`,
        ),
      ]),
    ),
  )
}

function isThere(table: TableName): string {
  return `exists (${sqlText(findTable(table))})`
}

function refuse(message: string): string {
  return sqlText(sql`raise exception using message = ${message}`)
}
