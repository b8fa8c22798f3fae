import { sql } from 'kysely'
import type { HistoryKind } from '../core/history.js'
import type { Key } from '../core/ids.js'
import type { Layout } from '../core/layout.js'
import { cloudEquals, tableOf } from './fragments.js'
import { rowTexts } from './remove-rows.js'
import type { Texts } from './replace-cells.js'
import type { Session } from './session.js'

/** What a replacement did to a row. */
export interface ReplacedRow {
  readonly key: Key
  readonly kind: Extract<HistoryKind, 'updated' | 'marked' | 'noted'>
  readonly before: Texts
  readonly after: Texts
  /** The tracked row before, as JSON. */
  readonly tracked: string
}

/**
 * Adds it to what the run did to the row before. Of a row that the run itself has brought, all that stands there now is
 * remembered, so that an undo takes it for what the run left, and not for what people made of it since.
 */
export async function rememberReplaced(
  { db }: Session,
  layout: Layout,
  master: string,
  run: number,
  { key, kind, before, after, tracked }: ReplacedRow,
): Promise<void> {
  await sql`
    with given as (
      select ${[...key]}::text[] as key, ${kind}::text as kind, ${JSON.stringify(before)}::jsonb as before,
        ${JSON.stringify(after)}::jsonb as after, ${tracked}::jsonb as tracked
    ), known as (
      select g.*, e.run is null as fresh, e.kind as earlier, e.before as first, e.after as last, e.tracked as former,
        case when e.run is null then g.tracked ->> 'since' = ${String(run)} and g.tracked ->> 'origin' = 'synced'
          else e.kind in ('restored', 'inserted') end as came
      from given g left join master_sync.row_history e on e.master = ${master} and e.key = g.key and e.run = ${run}
    )
    insert into master_sync.row_history (master, key, run, kind, before, after, tracked)
    select ${master}, k.key, ${run},
      case when k.came then 'inserted' when k.earlier = 'adopted' then k.earlier
        when k.kind = 'noted' then coalesce(k.earlier, k.kind) else k.kind end,
      nullif(k.before || coalesce(k.first, '{}'), '{}'),
      case when k.came then ${rowTexts(layout)} else nullif(coalesce(k.last, '{}') || k.after, '{}') end,
      case when k.fresh then case when k.came then null else k.tracked end else k.former end
    from known k left join ${tableOf(layout.cloud.table)} c on ${cloudEquals(layout, sql`k.key`)}
    on conflict (master, key, run) do update set kind = excluded.kind, before = excluded.before, after = excluded.after`.execute(
    db,
  )
}
