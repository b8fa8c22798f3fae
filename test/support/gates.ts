import type pg from 'pg'
import { waitFor } from '../../operations/wait.js'

/**
 * Places where a test can hold the sync: SQL that waits at a gate while the test keeps it closed. By trying and
 * sleeping rather than by waiting for the lock, so that no lock_timeout of the sync's ends it.
 */
export const GATES = `
  create function gate(number integer) returns boolean language plpgsql as $$
  begin
    while not pg_try_advisory_lock_shared(number) loop perform pg_sleep(0.005); end loop;
    perform pg_advisory_unlock_shared(number);
    return true;
  end $$;
  create function gate() returns trigger language plpgsql as $$
  begin
    perform public.gate(tg_argv[0]::integer);
    return coalesce(new, old);
  end $$;`

/** Of the source. `copy`: in the middle of a COPY · `look`: in the middle of a comparison or a proof. */
export const SOURCE_GATE = { copy: 1, look: 2 } as const

/** Of the cloud. */
export const CLOUD_GATE = {
  /** Taking or leaving the lease. */
  lease: 1,
  /** Storing the segments. */
  cut: 2,
  /** Storing what a comparison found. */
  plan: 3,
  /** A batch that is written but not committed. */
  checkpoint: 4,
  /** The report that is written but not committed. */
  close: 5,
  /** Recording the run. */
  record: 6,
} as const

/** A view `orgs` over the table `org_rows` with the gates of the source; they stand before the row `id`. */
export const gatedView = (id: string): string => `
  ${GATES}
  create function pass(id text) returns boolean language plpgsql as $$
  begin
    return id <> '${id}' or gate(case when current_query() ilike 'copy%' then ${SOURCE_GATE.copy} else ${SOURCE_GATE.look} end);
  end $$;
  create view orgs as select * from org_rows where pass(id);`

/** The gates of the cloud, once the ledger is there. */
export const CLOUD_GATES = `
  ${GATES}
  create trigger gate before update on master_sync.leases
    for each row execute function gate(${CLOUD_GATE.lease});
  create trigger gate before insert on master_sync.segments
    for each statement execute function gate(${CLOUD_GATE.cut});
  create trigger gate_plan before update on master_sync.segments
    for each row when (new.planned is distinct from old.planned) execute function gate(${CLOUD_GATE.plan});
  create trigger gate_checkpoint before update on master_sync.segments
    for each row when (new.written is distinct from old.written) execute function gate(${CLOUD_GATE.checkpoint});
  create trigger gate_close before update on master_sync.runs
    for each row when (new.outcome is not null) execute function gate(${CLOUD_GATE.close});
  create trigger gate_record before insert on master_sync.runs
    for each row execute function gate(${CLOUD_GATE.record});`

const PATIENCE_MS = 60_000

/** A closed gate. */
export interface Gate {
  /** Resolves when a session of the sync stands before it. */
  reached(): Promise<void>
  open(): Promise<void>
}

/** Closes a gate; one at a time in a database. */
export async function closeGate(pool: pg.Pool, number: number): Promise<Gate> {
  // Sessions of a worker that was killed at another gate may stand there for a moment longer.
  await waitFor('the gates to be free', PATIENCE_MS, async () => ((await waiting(pool)) === 0 ? true : undefined), 10)
  const client = await pool.connect()
  await client.query('select pg_advisory_lock($1)', [number])
  let isOpen = false
  return {
    reached: async () => {
      await waitFor(`a session at gate ${number}`, PATIENCE_MS, async () => ((await waiting(pool)) > 0 ? true : undefined), 10)
    },
    open: async () => {
      if (isOpen) return
      isOpen = true
      await client.query('select pg_advisory_unlock($1)', [number])
      client.release()
    },
  }
}

async function waiting(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ readonly sessions: number }>(`
    select count(*)::integer as sessions from pg_stat_activity
    where datname = current_database() and application_name = 'master-sync' and wait_event = 'PgSleep'`)
  return rows[0]?.sessions ?? 0
}
