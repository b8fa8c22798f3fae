import { sql } from 'kysely'
import type { Fragment } from './fragments.js'

/** What becomes of a replacement `r`, from its row, the list as the ledger knows it, and what that has lost. */

/**
 * Whether it waits for its new row. Who takes the new id off the list gives it up for good, also where the id is listed
 * again later: it may be somebody else's by then. One that goes from one list to another stays listed, and so does one
 * that a run finds in another.
 */
export function isWaiting(): Fragment {
  return sql`(r.run is null
    and exists (select from master_sync.target_entries e where ${isLive(sql`r.new_key`)})
    and not exists (
      select from master_sync.target_changes c
      where c.master = r.master and c.key = r.new_key and c.what = 'removed' and c.at > r.asked_at
        and not exists (select from master_sync.target_entries e
          where ${isLive(sql`r.new_key`)} and (e.since < c.at or e.run = c.run))
        and not exists (select from master_sync.target_changes o
          where o.master = r.master and o.key = r.new_key and o.what = 'removed' and o.added_at < c.at and o.at > c.at)
    ))`
}

/** Whether the old id is still to leave the list: nobody has listed it since its row was replaced. */
export function isLeaving(): Fragment {
  return sql`(r.run is not null and not r.off_list and not ${isListedSince()})`
}

/** Whether somebody means the old id although it was replaced: its row is compared again from the next run on. */
export function isMeantAgain(): Fragment {
  return sql`(r.run is not null and (${isListedSince()}
    or (r.off_list and exists (select from master_sync.target_entries e where ${isLive(sql`r.old_key`)}))))`
}

/** Whether no list names the old id. */
export function isOffList(): Fragment {
  return sql`not exists (select from master_sync.target_entries e where ${isLive(sql`r.old_key`)})`
}

function isListedSince(): Fragment {
  return sql`exists (select from master_sync.target_entries e
    where ${isLive(sql`r.old_key`)} and e.since > r.done_at)`
}

function isLive(key: Fragment): Fragment {
  return sql`e.master = r.master and e.key = ${key} and e.pending is distinct from 'leave'`
}

/** Whether the row of a key waits to give what it has to another. */
export function isAwaited(master: string, key: Fragment): Fragment {
  return sql`exists (select from master_sync.replacements r
    where r.master = ${master} and r.old_key = ${key} and ${isWaiting()})`
}

/** Whether the old row takes part in the comparison. */
export function isCompared(): Fragment {
  return sql`exists (select from master_sync.tracked_rows t
    where t.master = r.master and t.key = r.old_key and t.outside is null)`
}

/** Whether the old row stands outside the comparison, another having taken its place. */
export function isRetired(): Fragment {
  return sql`exists (select from master_sync.tracked_rows t
    where t.master = r.master and t.key = r.old_key and t.outside = 'replaced')`
}
