import { sql } from 'kysely'
import type { Key } from '../core/ids.js'
import type { PlanKind } from '../core/plan.js'
import type { Held } from '../core/question.js'
import type { Session } from './session.js'

/** A row that waits for a person's word. */
export interface HeldRow {
  readonly key: Key
  readonly kind: PlanKind
  readonly held: Held['kind']
}

/** Rows that a question is about, in the order of their keys. */
export async function heldRows(
  { db }: Session,
  question: number,
  after: Key | undefined,
  limit: number,
): Promise<readonly HeldRow[]> {
  const { rows } = await sql<HeldRow>`
    select key, kind, held from master_sync.plan_rows
    where run = ${question} and held is not null
      and ${after === undefined ? sql`true` : sql`key > ${[...after]}::text[]`}
    order by key limit ${limit}`.execute(db)
  return rows
}
