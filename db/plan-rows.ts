import { sql } from 'kysely'
import { formatKey, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { LEFT_KINDS, type PlanCounts, type PlanKind } from '../core/plan.js'
import { cloudEquals, keyArrays, keyOfTable, tableOf, type Fragment } from './fragments.js'
import type { PlannedStep } from './planned-step.js'
import { checkpointMoved, type Segment } from './segments.js'
import { cloudHash } from './row-hash.js'
import type { Session } from './session.js'

/** How many keys travel in one statement. */
const PLAN_CHUNK = 5_000

/**
 * Stores the plan of a segment. A key to `write` turns out to be an insert, or a row of the cloud's own to adopt.
 * @returns counts by kind
 */
export async function storePlan(
  { db }: Session,
  run: number,
  segment: number,
  layout: Layout,
  steps: readonly PlannedStep[],
  heard: () => void = () => undefined,
): Promise<PlanCounts> {
  const counts: Partial<Record<PlanKind, number>> = {}
  for (const step of new Set(steps.map((row) => row.step))) {
    const rows = steps.filter((row) => row.step === step)
    for (let start = 0; start < rows.length; start += PLAN_CHUNK) {
      const chunk = rows.slice(start, start + PLAN_CHUNK)
      const stored = await sql<{ readonly kind: PlanKind; readonly rows: number }>`
        with planned as (
          insert into master_sync.plan_rows (run, segment, key, kind, source, image, held)
          select ${run}, ${segment}, g.key, ${step === 'write' ? KIND_OF_WRITE : sql`${step}`}, g.source,
            ${step === 'write' ? sql`o.image` : sql`g.image`}, g.held
          from ${stepsTable(layout, chunk)} ${step === 'write' ? ownRow(layout) : sql``}
          returning kind
        )
        select kind, count(*)::integer as rows from planned group by kind`.execute(db)
      for (const row of stored.rows) counts[row.kind] = (counts[row.kind] ?? 0) + row.rows
      heard()
    }
  }
  return counts
}

const KIND_OF_WRITE = sql`case when o.found then 'adopt' else 'insert' end`

function stepsTable(layout: Layout, steps: readonly PlannedStep[]): Fragment {
  const keys = steps.map(({ key }) => key)
  const hashes = (of: 'source' | 'image') => sql`${steps.map((step) => step[of] ?? null)}::bigint[]`
  const names = layout.key.map((_, index) => sql.id(`k${index + 1}`))
  return sql`
    (select ${keyOfTable(layout, 'k')} as key, k.source, k.image, k.held
      from unnest(${sql.join(keyArrays(layout, keys))}, ${hashes('source')}, ${hashes('image')},
        ${steps.map(({ held }) => held ?? null)}::text[]) k(${sql.join(names)}, source, image, held)) g`
}

/** The cloud's own row of a listed key, with the image that it will have when it is taken over. */
function ownRow(layout: Layout): Fragment {
  const untracked = sql`(select null::jsonb as bases, null::bigint as applied, null::bigint as declined, null::bigint as altered) t`
  return sql`
    left join lateral (
      select true as found, ${cloudHash(layout).row} as image
      from ${tableOf(layout.cloud.table)} c, ${untracked} where ${cloudEquals(layout, sql`g.key`)}
    ) o on true`
}

export interface PlannedRow {
  readonly key: Key
  readonly kind: PlanKind
}

/** The next rows of the plan after the cursor, in key order. */
export async function readPlan(
  { db }: Session,
  run: number,
  segment: Segment,
  limit: number,
): Promise<readonly PlannedRow[]> {
  const { rows } = await sql<PlannedRow>`
    select key, kind from master_sync.plan_rows
    where run = ${run} and segment = ${segment.number} and not busy and held is null
      and (${segment.cursor === undefined} or key > ${segment.cursor === undefined ? null : [...segment.cursor]}::text[])
    order by key limit ${limit}`.execute(db)
  return rows
}

/** All keys of a segment's plan. */
export async function plannedKeys({ db }: Session, run: number, segment: number): Promise<readonly Key[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select key from master_sync.plan_rows where run = ${run} and segment = ${segment}`.execute(db)
  return rows.map((row) => row.key)
}

/** Rows that someone else held when their batch was written. */
export async function readBusy(
  { db }: Session,
  run: number,
  segment: number,
): Promise<readonly PlannedRow[]> {
  const { rows } = await sql<PlannedRow>`
    select key, kind from master_sync.plan_rows where run = ${run} and segment = ${segment} and busy order by key`.execute(
    db,
  )
  return rows
}

export async function noteBusy(
  { db }: Session,
  run: number,
  segment: number,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    insert into master_sync.plan_rows as p (run, segment, key, kind, busy)
    select ${run}, ${segment}, array(select jsonb_array_elements_text(k.value)), 'insert', true
    from jsonb_array_elements(${JSON.stringify(keys)}::jsonb) k
    on conflict (run, segment, key) do update set busy = true`.execute(db)
}

/** Takes one busy row off the plan; fails when another attempt was faster. */
export async function clearBusy({ db }: Session, run: number, segment: number, key: Key): Promise<void> {
  const result = await sql`
    delete from master_sync.plan_rows where run = ${run} and segment = ${segment} and key = ${[...key]}::text[] and busy`.execute(
    db,
  )
  if ((result.numAffectedRows ?? 0n) === 0n) throw checkpointMoved(run, segment)
}

const SAMPLE = 20

/** Some ids of a run's plan: for a verification, those that differ. */
export async function samplePlan({ db }: Session, run: number): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly key: Key }>`
    select key from master_sync.plan_rows where run = ${run} and kind <> all(${[...LEFT_KINDS]}::text[])
    order by key limit ${SAMPLE}`.execute(db)
  return rows.map((row) => formatKey(row.key))
}
