import { sql } from 'kysely'
import type { Layout } from '../core/layout.js'
import { cloudEquals, cloudKeyTexts, keyArray, tableOf, typeOf, type Fragment } from './fragments.js'
import type { Session } from './session.js'
import { DONE, inRange, notDone, STAGE, staged, type Range } from './stage.js'

/** Columns of the cloud table with the staged values for them, cast to their types. */
function insertion(layout: Layout): { readonly columns: Fragment; readonly values: Fragment } {
  const names = [...layout.key.map((key) => key.cloud), ...layout.columns].map((column) =>
    sql.id(column.name),
  )
  const values = [
    ...layout.key.map((key, index) => sql`s.key[${sql.lit(index + 1)}]::${typeOf(key.cloud.type)}`),
    ...layout.columns.map((column, index) => sql`${staged('s', index)}::${typeOf(column.type)}`),
  ]
  return { columns: sql.join(names), values: sql.join(values) }
}

/** Where the table does not let conflicts be passed over they are errors, and the batch is halved until each is found. */
function passOver(layout: Layout): Fragment {
  return layout.cloud.deferrable ? sql`` : sql`on conflict do nothing`
}

/**
 * Inserts all staged rows, for a cloud that holds none of them; one that it does hold is an error, which costs less to
 * find than to pass over.
 * @returns how many were inserted: fewer than staged where a trigger dropped some
 */
export async function insertAll({ db }: Session, layout: Layout): Promise<number> {
  const { columns, values } = insertion(layout)
  const result = await sql`
    insert into ${tableOf(layout.cloud.table)} (${columns}) overriding system value
    select ${values} from ${STAGE} s`.execute(db)
  return Number(result.numAffectedRows ?? 0n)
}

/**
 * Inserts the staged rows that the cloud lacks, and notes them in `done` as inserted. `quietly` passes over a row that
 * any unique index refuses: the caller looks at what is left. `only` narrows down the rows of the stage `s`.
 */
export async function insertAbsent(
  { db }: Session,
  layout: Layout,
  range: Range,
  options: { readonly quietly: boolean; readonly only?: Fragment },
): Promise<number> {
  const { columns, values } = insertion(layout)
  const result = await sql`
    with inserted as (
      insert into ${tableOf(layout.cloud.table)} as c (${columns}) overriding system value
      select ${values} from ${STAGE} s
      where ${inRange(range)} and ${notDone()} and ${options.only ?? sql`true`}
        and not exists (select from ${tableOf(layout.cloud.table)} c where ${cloudEquals(layout, sql`s.key`)})
      ${options.quietly ? passOver(layout) : sql``}
      returning ${keyArray(cloudKeyTexts(layout))} as key
    )
    insert into ${DONE} (n, what)
    select s.n, 'inserted' from inserted i join ${STAGE} s on s.key = i.key where ${inRange(range)}`.execute(
    db,
  )
  return Number(result.numAffectedRows ?? 0n)
}
