import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { keyFromDatabase, type Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { isUnconvertible } from './failures.js'
import { keyArray, orderedTexts, type Fragment } from './fragments.js'
import { numberedIds } from './listed-ids.js'
import { listedCte } from './listed.js'
import type { Session } from './session.js'

export interface Samples {
  readonly total: number
  /** Every n-th key, in byte order. */
  readonly keys: readonly Key[]
}

const OPEN = { from: undefined, below: undefined }

/**
 * Every `step`-th key of the list, where a table of the source holds it.
 * @throws SyncError SOURCE_UNCONVERTIBLE
 */
export async function sampleList(source: Session, layout: Layout, step: number): Promise<Samples> {
  const names = layout.key.map((_, index) => sql.id('l', `k${index + 1}`))
  const samples = sample(
    source,
    sql`with ${listedCte(layout, OPEN)} select ${keyArray(names)} as key, ${orderedRow(names, layout.source.utf8)} as n from listed l`,
    step,
  )
  return samples.catch((cause: unknown) => {
    if (!isUnconvertible(cause)) throw cause
    throw new SyncError('SOURCE_UNCONVERTIBLE', 'an id on the list cannot be converted to Unicode', { cause })
  })
}

/** Every `step`-th key of a list that the ledger holds. */
export function sampleListed(cloud: Session, master: string, step: number): Promise<Samples> {
  return sample(cloud, numberedIds(master), step)
}

/** Every `step`-th tracked key of the master. */
export async function sampleTracked(cloud: Session, master: string, step: number): Promise<Samples> {
  return sample(
    cloud,
    sql`select t.key, row_number() over (order by t.key) as n from master_sync.tracked_rows t where t.master = ${master}`,
    step,
  )
}

function orderedRow(names: readonly Fragment[], utf8: boolean): Fragment {
  return sql`row_number() over (order by ${orderedTexts(names, utf8)})`
}

async function sample({ db }: Session, numbered: Fragment, step: number): Promise<Samples> {
  const { rows } = await sql<{ readonly key: Key; readonly total: number; readonly pick: boolean }>`
    with numbered as (${numbered}), counted as (select count(*)::integer as total from numbered)
    select key, total, n % ${step} = 0 as pick from numbered, counted where n % ${step} = 0 or n = 1 order by n`.execute(
    db,
  )
  return {
    total: rows[0]?.total ?? 0,
    keys: rows.flatMap((row) => (row.pick ? [keyFromDatabase(row.key)] : [])),
  }
}
