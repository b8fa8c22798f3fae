import type { RunReport } from '../../core/report.js'
import { askToReplace } from '../../operations/targets/replace.js'
import { createWorld, texts, type MasterPatch, type World } from '../support/world.js'

/** For tests of ids that are issued anew: a01 is the old one, b01 the new one, c01 and so on are neighbours. */

const SOURCE = `
  create table orgs (id text primary key, name text, phone text, url text, remarks text);
  create table targets (id text primary key, note text);
  insert into orgs select 'c' || lpad(n::text, 2, '0'), '隣' || n, '03', '', null from generate_series(1, 5) n;
  insert into orgs values ('a01', '旧', '011', '', '旧備考'), ('b01', '新', '011', '', null);
  insert into targets select id, case id when 'a01' then '営業 #1' end from orgs where id <> 'b01'`

const MASTER = {
  columns: { phone: 'keep_edits', url: 'fill_empty', remarks: 'insert_only' },
  lock: 'locked',
  removals: { untargeted: 'delete', gone: 'mark' },
}

export function createReplacing(
  master: MasterPatch = {},
  env: Readonly<Record<string, string>> = {},
): Promise<World> {
  return createWorld({ source: SOURCE, master: { ...MASTER, ...master }, env })
}

export async function ask(world: World, from = 'a01', to = 'b01', note: string | null = null): Promise<void> {
  await askToReplace(world.app, world.master, { from, to, note })
}

const ROW = `concat_ws('|', id, name, coalesce(phone, 'null'), coalesce(url, 'null'), coalesce(remarks, 'null'))`

/** The cloud's rows of these ids: id, name, phone, url, remarks, and why it was marked where it was. */
export async function rows(world: World, ...ids: readonly string[]): Promise<readonly (string | null)[]> {
  const mark = `case when o ->> 'sync_removed_at' is null then '' else '|' || (o ->> 'sync_removed_reason') end`
  const found = await texts(
    world.cloud,
    `select ${ROW} || ${mark} from (select *, to_jsonb(orgs) as o from orgs) orgs
     where id in (${ids.map((id) => `'${id}'`).join(', ')}) order by id`,
  )
  return found.map(([row]) => row ?? null)
}

/** Why tracked rows stand outside the comparison, those that do. */
export async function outside(world: World): Promise<readonly string[]> {
  const found = await texts(
    world.cloud,
    `select key[1] || ' ' || outside from master_sync.tracked_rows where outside is not null order by key`,
  )
  return found.map(([row]) => row ?? '')
}

export async function listed(world: World): Promise<readonly string[]> {
  const found = await texts(
    world.source,
    `select id || coalesce(' ' || note, '') from targets where id not like 'c%' order by id`,
  )
  return found.map(([row]) => row ?? '')
}

/** What the ledger says of replacements: ids, run, columns carried and left. */
export async function replacements(world: World): Promise<readonly string[]> {
  const found = await texts(
    world.cloud,
    `select concat_ws(' ', old_key[1], new_key[1], coalesce(run::text, 'pending'), array_to_string(carried, ','), (select string_agg(l ->> 'column', ',') from jsonb_array_elements(left_alone) l))
     from master_sync.replacements order by old_key`,
  )
  return found.map(([row]) => row?.trim() ?? '')
}

/** Counts of a report that are not zero, but for what is as it was. */
export function counts({ rows: all }: RunReport): Partial<RunReport['rows']> {
  return Object.fromEntries(Object.entries(all).filter(([name, count]) => count > 0 && name !== 'unchanged'))
}
