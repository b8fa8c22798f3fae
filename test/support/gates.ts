import pg from 'pg'
import { waitFor } from '../../operations/wait.js'

/** Added to a session's process id: the lock that holds this session alone. */
const SESSION = 100_000

/**
 * Places where a test can hold the sync: SQL that waits at a gate while the test keeps it closed. By trying and
 * sleeping rather than by waiting for the lock, so that no lock_timeout of the sync's ends it.
 */
export const GATES = `
  create function is_open(number integer) returns boolean language plpgsql as $$
  begin
    if not pg_try_advisory_lock_shared(number) then return false; end if;
    return pg_advisory_unlock_shared(number);
  end $$;
  create function gate(number integer) returns boolean language plpgsql as $$
  begin
    while not (public.is_open(number) and public.is_open(${SESSION} + pg_backend_pid())) loop
      perform set_config('application_name', 'master-sync at gate ' || number, false), pg_sleep(0.005);
    end loop;
    perform set_config('application_name', 'master-sync', false);
    return true;
  end $$;
  create function gate() returns trigger language plpgsql as $$
  begin
    perform public.gate(tg_argv[0]::integer);
    return coalesce(new, old);
  end $$;`

/** Of the source. `copy`: in the middle of a COPY · `look`: in the middle of a comparison. */
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
  /** In the middle of a proof. */
  prove: 7,
  /** Flagging what is held. */
  hold: 9,
  /** A question that is answered or closed. */
  answer: 10,
} as const

/** A view `orgs` over the table `org_rows` with the gates of the source; they stand before the row `id`. */
export const gatedView = (id: string): string => `
  ${GATES}
  create function pass(id text) returns boolean language plpgsql as $$
  begin
    return id <> '${id}' or gate(case when current_query() ilike 'copy%' then ${SOURCE_GATE.copy} else ${SOURCE_GATE.look} end);
  end $$;
  create view orgs as select * from org_rows where pass(id);`

/**
 * The gates of the cloud, once the ledger is there. A proof only reads: it is held by a function that stands before
 * PostgreSQL's own in the search path.
 */
export const CLOUD_GATES = `
  ${GATES}
  create schema gated;
  create function gated.hash_array_extended(value text[], seed bigint) returns bigint language plpgsql as $$
  begin
    if current_query() like '%from hashed where h = seen%' then perform public.gate(${CLOUD_GATE.prove}); end if;
    return pg_catalog.hash_array_extended(value, seed);
  end $$;
  do $$ begin
    execute format('alter database %I set search_path = gated, pg_catalog, public', current_database());
  end $$;
  create trigger gate before update on master_sync.leases
    for each row execute function gate(${CLOUD_GATE.lease});
  create trigger gate before insert on master_sync.segments
    for each statement execute function gate(${CLOUD_GATE.cut});
  create trigger gate_plan before update on master_sync.segments
    for each row when (new.planned is distinct from old.planned) execute function gate(${CLOUD_GATE.plan});
  create trigger gate_checkpoint before update on master_sync.segments
    for each row when (new.written is distinct from old.written) execute function gate(${CLOUD_GATE.checkpoint});
  create trigger gate_hold before update on master_sync.plan_rows
    for each row when (new.held is distinct from old.held) execute function gate(${CLOUD_GATE.hold});
  create trigger gate_answer before update on master_sync.questions
    for each row when (new.state is distinct from old.state) execute function gate(${CLOUD_GATE.answer});
  create trigger gate_close before update on master_sync.runs
    for each row when (new.outcome is not null) execute function gate(${CLOUD_GATE.close});
  create trigger gate_record before insert on master_sync.runs
    for each row execute function gate(${CLOUD_GATE.record});`

const PATIENCE_MS = 60_000

/** A closed gate. */
export interface Gate {
  /** Resolves when a session of the sync stands before it. */
  reached(): Promise<void>
  /** Lets everybody pass but the session that stands before it. */
  holdOnlyFirst(): Promise<void>
  open(): Promise<void>
}

/** Closes a gate of the database. */
export async function closeGate(url: string, number: number): Promise<Gate> {
  const client = new pg.Client(url)
  client.on('error', () => undefined)
  await client.connect()
  const waiting = async (): Promise<number | undefined> => {
    const { rows } = await client.query<{ readonly pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and application_name = $1`,
      [`master-sync at gate ${number}`],
    )
    return rows[0]?.pid
  }
  // The session of a worker that was killed at the gate may stand there for a moment longer.
  await until(`gate ${number} to be free`, async () => (await waiting()) === undefined)
  await client.query('select pg_advisory_lock($1)', [number])
  return {
    reached: () => until(`a session at gate ${number}`, async () => (await waiting()) !== undefined),
    holdOnlyFirst: async () => {
      await client.query('select pg_advisory_lock($1)', [SESSION + ((await waiting()) ?? 0)])
      await client.query('select pg_advisory_unlock($1)', [number])
    },
    // The locks go with their session.
    open: () => client.end(),
  }
}

/** Waits until the condition holds; asks often, since what it waits for may pass. */
export async function until(what: string, condition: () => Promise<boolean>, everyMs = 10): Promise<void> {
  await waitFor(what, PATIENCE_MS, async () => ((await condition()) ? true : undefined), everyMs)
}
