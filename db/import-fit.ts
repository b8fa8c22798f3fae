import { sql } from 'kysely'
import type { ImportTable, PlacedColumn } from '../core/import-table.js'
import { MEDICAL_ORGS_COLUMNS } from '../core/medical-orgs-table.js'
import { readFailure } from './failures.js'
import { typeOf, type Fragment } from './fragments.js'
import { hasLength, isNoKey } from './import-keys.js'
import type { Session } from './session.js'

/** Values that a column of the table does not take, or would take only cut or rounded. */
export interface Misfits {
  readonly column: string
  readonly isKey: boolean
  readonly files: readonly MisfitsOfFile[]
}

interface MisfitsOfFile {
  readonly file: number
  /** Rows that are left out for it. */
  readonly rows: number
  /** Rows of which with it the id is not known, with such as had been left out before. */
  readonly unidentified: number
  readonly first: readonly { readonly line: number; readonly value: string }[]
}

/**
 * Leaves rows out of the stage that have such a value; one without a key is not even known there. As long as all fits,
 * that is one look at the stage.
 */
export async function leaveMisfits(
  session: Session,
  stage: Fragment,
  { key, columns }: ImportTable,
  publication: string,
): Promise<readonly Misfits[]> {
  const tests = [
    ...key.map((column) => testOf(column, true, publication)),
    ...columns.map((column) => testOf(column, false, publication)),
  ].filter((test) => test !== undefined)
  if (await fits(session, stage, tests)) return []
  const found: Misfits[] = []
  for (const test of tests) {
    if (await fits(session, stage, [test])) continue
    found.push({
      column: test.column.shape.name,
      isKey: test.isKey,
      files: await leave(session, stage, test),
    })
  }
  return found
}

interface Test {
  readonly column: PlacedColumn
  readonly isKey: boolean
  /** Whether a text is no value of the column; where it cannot even be cast to its type, that is an error. */
  readonly is: (text: Fragment) => Fragment
}

/** The types that values of the publications are made for. */
const PUBLISHED = new Map(MEDICAL_ORGS_COLUMNS.map(({ name, type }) => [name, type]))

function testOf(column: PlacedColumn, isKey: boolean, publication: string): Test | undefined {
  const { shape } = column
  const own = isKey ? isNoKey(shape) : undefined
  if (own !== undefined) return { column, isKey, is: own }
  if (hasLength(shape)) return { column, isKey, is: (text) => isCut(text, shape.type) }
  if (shape.family === 'text') return undefined
  if (publication !== 'csv' && PUBLISHED.get(shape.name) === shape.type) return undefined
  // Coordinates are published with up to fifteen digits, of which a table need not keep all.
  const exact = publication === 'csv' && shape.type.startsWith('numeric(')
  return { column, isKey, is: (text) => (exact ? isRounded(text, shape.type) : isNone(text, shape.type)) }
}

/** A domain may have a length as well, so the cast itself is asked. Blanks at the end are no matter to such a type. */
function isCut(text: Fragment, type: string): Fragment {
  return sql`rtrim(${text}::${typeOf(type)}::text, ' ') collate "C" <> rtrim(${text}, ' ') collate "C"`
}

function isRounded(text: Fragment, type: string): Fragment {
  return sql`${text}::numeric <> ${text}::${typeOf(type)}`
}

/** Never so; but the cast is done. */
function isNone(text: Fragment, type: string): Fragment {
  return sql`(${text} is not null and num_nulls(${text}::${typeOf(type)}) > 0)`
}

/** Whether all values pass the tests. */
async function fits({ db }: Session, stage: Fragment, tests: readonly Test[]): Promise<boolean> {
  if (tests.length === 0) return true
  const any = tests.map(({ column, is }) => sql`(${is(sql.id('s', column.staged))})`)
  await sql`savepoint fit`.execute(db)
  try {
    const { rows } = await sql`
      select from ${stage} s where ${sql.join(any, sql` or `)} limit 1`.execute(db)
    return rows.length === 0
  } catch (error) {
    if (readFailure(error).verdict !== 'row') throw error
    await sql`rollback to savepoint fit`.execute(db)
    return false
  }
}

/** Of each file so many are told, of each column. */
const TOLD = 20

/** A text at a time, which takes its while: only of a column that has such. */
async function leave(
  { db }: Session,
  stage: Fragment,
  { column, isKey, is }: Test,
): Promise<readonly MisfitsOfFile[]> {
  const text = sql.id('s', column.staged)
  await sql`
    create or replace function pg_temp.import_misfit(value text) returns boolean language plpgsql as $function$
    begin
      return ${is(sql`value`)};
    exception when others then
      return true;
    end $function$`.execute(db)
  const misfit = sql`pg_temp.import_misfit(${text})`
  const { rows } = await sql<MisfitsOfFile>`
    with found as materialized (
      select n, file, line, left_out, ${text} as value from ${stage} s where ${isKey ? misfit : sql`not left_out and ${misfit}`}
    ), gone as (
      ${
        isKey
          ? sql`delete from ${stage} s using found f where s.n = f.n`
          : sql`update ${stage} s set left_out = true from found f where s.n = f.n`
      }
    )
    select file, (count(*) filter (where not left_out))::integer as rows,
      (count(*) filter (where ${isKey}))::integer as unidentified, coalesce((
        select jsonb_agg(jsonb_build_object('line', line, 'value', value) order by line) from (
          select line, value from found l where l.file = f.file and not left_out order by n limit ${TOLD}) l), '[]') as first
    from found f group by file order by file`.execute(db)
  await sql`drop function pg_temp.import_misfit(text)`.execute(db)
  return rows
}
