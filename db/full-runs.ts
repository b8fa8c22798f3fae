import { sql } from 'kysely'
import type { Fragment } from './fragments.js'

/** Of a run `r`: that it was to bring the whole copy up to date. */
export const IS_FULL: Fragment = sql`r.kind = 'sync' and r.mode = 'apply' and r.only_keys is null and r.answers is null`

/** Of a run `r`: that it did, but for what waits for a person's word; one that met a hold has done nothing. */
export const HAS_COMPLETED: Fragment = sql`
  ${IS_FULL} and r.outcome in ('completed', 'completed_with_rejects', 'nothing_to_do', 'awaiting_approval')
  and (r.held @> '[{"kind": "hold"}]') is not true`
