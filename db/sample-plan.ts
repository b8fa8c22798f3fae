import { sql } from 'kysely'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import { isWrite, type PlanKind } from '../core/plan.js'
import type { SampleRow } from '../core/question.js'
import { cells } from './decide.js'
import { isInCloud } from './digest.js'
import { isUnconvertible } from './failures.js'
import { cloudEquals, tableOf, textOf } from './fragments.js'
import type { StoredConflict } from './ledger.js'
import type { RunContext } from './runs.js'
import type { Session } from './session.js'
import { asStaged, sourceRows, type SourceRow } from './source-rows.js'

/** Of each kind so many, and of all; of a row so many cells, and of a value so many characters. */
const OF_KIND = 5
const ROWS = 20
const CELLS = 12
const CHARACTERS = 200

interface Sampled {
  readonly key: Key
  readonly kind: PlanKind
  readonly held: SampleRow['held']
}

/** Some rows of a plan, of each kind, with the cells that would change: the values stay in the ledger. */
export async function samplePlanned({
  source,
  cloud,
  context,
}: {
  readonly source: Session
  readonly cloud: Session
  readonly context: RunContext
}): Promise<readonly SampleRow[]> {
  const rows = await sample(cloud, context.run)
  const writes = rows.filter(({ kind }) => isWrite(kind)).map(({ key }) => key)
  const staged = await readable(source, cloud, context, writes)
  const changes = new Map([
    ...(await written(cloud, context, staged)),
    ...(await editedCells(
      cloud,
      context,
      rows.filter(({ kind }) => !isWrite(kind)).map(({ key }) => key),
    )),
  ])
  return rows.map(({ key, kind, held }) => ({
    id: formatKey(key),
    kind,
    held,
    columns: (changes.get(formatKey(key)) ?? [])
      .slice(0, CELLS)
      .map(({ column, cloud: old, source: new_ }) => ({
        column,
        cloud: shorten(old),
        source: shorten(new_),
      })),
  }))
}

type Cells = SampleRow['columns']

function shorten(value: string | null): string | null {
  return value === null || value.length <= CHARACTERS ? value : `${value.slice(0, CHARACTERS)}…`
}

async function sample({ db }: Session, run: number): Promise<readonly Sampled[]> {
  const { rows } = await sql<Omit<Sampled, 'key'> & { readonly key: string[] }>`
    select key, kind, held from (
      select key, kind, held, row_number() over (partition by kind order by held nulls last, key) as n
      from master_sync.plan_rows where run = ${run}
    ) p
    where n <= ${OF_KIND} order by held nulls last, kind, key limit ${ROWS}`.execute(db)
  return rows.map((row) => ({ ...row, key: keyFromDatabase(row.key) }))
}

/** The rows as they are at the source; none where one has a character without a Unicode form. */
function readable(
  source: Session,
  cloud: Session,
  { layout, master }: RunContext,
  keys: readonly Key[],
): Promise<readonly SourceRow[]> {
  return sourceRows(source, cloud, layout, master.master, keys).catch((error: unknown) => {
    if (isUnconvertible(error)) return []
    throw error
  })
}

/** What the decision about each row would write, as it stands. */
async function written(
  { db }: Session,
  { layout, master, run }: RunContext,
  rows: readonly SourceRow[],
): Promise<readonly (readonly [string, Cells])[]> {
  if (rows.length === 0) return []
  const found = await sql<{
    readonly key: string[]
    readonly before: Readonly<Record<string, string | null>> | null
    readonly after: Readonly<Record<string, string | null>> | null
    readonly conflicts: Readonly<Record<string, StoredConflict>> | null
  }>`
    select s.key, x.conflicts, case when there then x.before end as before, case when there then x.after else s.all_values end as after
    from ${asStaged(layout, rows)}
      left join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`s.key`)}
      left join master_sync.tracked_rows t on t.master = ${master.master} and t.key = s.key
      cross join lateral (select ${isInCloud(layout)} as there) o
      cross join lateral (${cells(layout, run)}) x`.execute(db)
  return found.rows.map(({ key, before, after, conflicts }) => [
    formatKey(key),
    [
      ...Object.entries(after ?? {})
        .filter(([column, value]) => value !== (before?.[column] ?? null))
        .map(([column, value]) => ({ column, cloud: before?.[column] ?? null, source: value })),
      ...(after === null
        ? Object.entries(conflicts ?? {}).map(([column, { cloud: edited, source }]) => ({
            column,
            cloud: edited,
            source,
          }))
        : []),
    ],
  ])
}

/** What people wrote in rows that are to go: the cloud's value beside the source's last. */
async function editedCells(
  { db }: Session,
  { layout, master }: RunContext,
  keys: readonly Key[],
): Promise<readonly (readonly [string, Cells])[]> {
  if (keys.length === 0 || layout.columns.length === 0) return []
  const values = layout.columns.map((column) => sql`(${sql.lit(column.name)}, ${textOf('c', column)})`)
  const { rows } = await sql<{ readonly key: string[]; readonly cells: Cells | null }>`
    select t.key, jsonb_agg(jsonb_build_object('column', v.name, 'cloud', v.c, 'source', t.bases ->> v.name))
        filter (where t.bases ? v.name and v.c collate "C" is distinct from t.bases ->> v.name) as cells
    from master_sync.tracked_rows t join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`t.key`)}
      cross join lateral (values ${sql.join(values)}) v(name, c)
    where t.master = ${master.master} and t.key in (select array(select jsonb_array_elements_text(j))
      from jsonb_array_elements(${JSON.stringify(keys)}::jsonb) j)
    group by t.key`.execute(db)
  return rows.map(({ key, cells: found }) => [formatKey(key), found ?? []])
}
