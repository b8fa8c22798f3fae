import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import { TABLE_LIST } from '../core/list-changes.js'
import {
  equalsText,
  givenKeys,
  type Keyed,
  isValueOf,
  keyArray,
  keysTable,
  keyText,
  tableOf,
  typeOf,
  type Fragment,
} from './fragments.js'
import type { ListTable } from './list-table.js'
import type { Session } from './session.js'

/** An entry of the list. */
export interface Entry {
  readonly key: Key
  readonly note: string | null
}

/** Which entries are shown, and in which order. */
export interface EntriesQuestion {
  /** Part of an id or of a note; empty: all. */
  readonly part: string
  readonly by: 'id' | 'note'
  readonly down: boolean
  /** In that order, the last entry that was seen. */
  readonly behind: Entry | undefined
  readonly limit: number
}

export interface Entries {
  readonly total: number
  readonly entries: readonly Entry[]
}

/** As far as notes are told apart when they are put in order. */
const SORTED_CHARACTERS = 100

/** Entries of a list that stands in a table, or of one that the ledger alone holds: `from` gives key and note. */
interface Place {
  readonly from: Fragment
  readonly key: readonly Fragment[]
  readonly note: Fragment
  /** The same as an array of texts. */
  readonly texts: Fragment
  /** And as one, to look in. */
  readonly text: Fragment
  /** The values of a key, to be compared with. */
  readonly values: (key: Key) => readonly Fragment[]
}

export function entriesInTable(
  session: Session,
  list: ListTable,
  question: EntriesQuestion,
): Promise<Entries> {
  const columns = list.key.map(({ name }) => sql`${sql.id('l', name)}`)
  const texts = list.key.map((column) => keyText('l', column))
  const present = columns.map((column) => sql`${column} is not null`)
  return readEntries(session, question, {
    from: sql`${tableOf(list.table)} l where ${sql.join(present, sql` and `)}`,
    key: columns,
    texts: keyArray(texts),
    text: sql`concat_ws(',', ${sql.join(texts)})`,
    note: list.hasNote ? sql`nullif(l.note::text, '')` : sql`null::text`,
    values: (key) =>
      list.key.map((column, index) => {
        const text = key[index] ?? ''
        if (!isValueOf(column, text))
          throw new SyncError('ID_INVALID', `${formatKey(key)} is no id of the list`)
        return sql`${text}::text::${typeOf(column.type)}`
      }),
  })
}

export function entriesInLedger(
  session: Session,
  master: string,
  question: EntriesQuestion,
): Promise<Entries> {
  return readEntries(session, question, {
    from: sql`(${entriesOf(master)}) l where true`,
    key: [sql`l.key`],
    texts: sql`l.key`,
    text: sql`array_to_string(l.key, ',')`,
    note: sql`l.note`,
    values: (key) => [sql`${[...key]}::text[]`],
  })
}

/** Of the notes the one by hand before a list's. */
function entriesOf(master: string): Fragment {
  return sql`
    select distinct on (e.key) e.key, e.note from master_sync.target_entries e
    where e.master = ${master} and e.pending is distinct from 'leave'
    order by e.key, e.list <> ${TABLE_LIST}, e.list`
}

async function readEntries(
  { db }: Session,
  { part, by, down, behind, limit }: EntriesQuestion,
  { from, key, texts, note, text, values }: Place,
): Promise<Entries> {
  const sorted = (of: Fragment): Fragment =>
    sql`left(coalesce(${of}, ''), ${sql.lit(SORTED_CHARACTERS)}) collate "C"`
  const order = [...(by === 'note' ? [sorted(note)] : []), ...key]
  const wanted = part.toLowerCase()
  const filter =
    wanted === ''
      ? sql`true`
      : sql`(strpos(lower(${text}), ${wanted}) > 0 or strpos(lower(${note}) collate "C", ${wanted}) > 0)`
  const seen =
    behind === undefined
      ? sql`true`
      : sql`row(${sql.join(order)}) ${down ? sql`<` : sql`>`} row(${sql.join([
          ...(by === 'note' ? [sorted(sql`${behind.note ?? ''}::text`)] : []),
          ...values(behind.key),
        ])})`
  const ordered = order.map((one) => sql`${one} ${down ? sql`desc` : sql`asc`}`)
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    select ${texts} as key, ${note} as note from ${from} and ${filter} and ${seen}
    order by ${sql.join(ordered)} limit ${sql.lit(limit)}`.execute(db)
  const count = await sql<{ readonly total: number }>`
    select count(*)::integer as total from ${from} and ${filter}`.execute(db)
  return {
    total: count.rows[0]?.total ?? 0,
    entries: rows.map((row) => ({ key: keyFromDatabase(row.key), note: row.note })),
  }
}

/** Of the keys those that the table lists, as it writes them. */
export async function listedInTable(
  { db }: Session,
  list: ListTable,
  keys: readonly Key[],
): Promise<readonly Entry[]> {
  const held = keys.filter((key) => list.key.every((column, index) => isValueOf(column, key[index] ?? '')))
  if (held.length === 0) return []
  const equal = list.key.map((column, index) =>
    equalsText(column, sql`l.${sql.id(column.name)}`, sql.id('k', `k${index + 1}`), true),
  )
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    select ${keyArray(list.key.map((column) => keyText('l', column)))} as key,
      ${list.hasNote ? sql`nullif(l.note::text, '')` : sql`null::text`} as note
    from ${keysTable({ key: list.key }, held, 'k')} join ${tableOf(list.table)} l on ${sql.join(equal, sql` and `)}`.execute(
    db,
  )
  return rows.map((row) => ({ key: keyFromDatabase(row.key), note: row.note }))
}

/** The same of a list that the ledger alone holds. */
export async function listedInLedger(
  { db }: Session,
  master: string,
  keyed: Keyed,
  keys: readonly Key[],
): Promise<readonly Entry[]> {
  if (keys.length === 0) return []
  const { rows } = await sql<{ readonly key: string[]; readonly note: string | null }>`
    select l.key, l.note from (${entriesOf(master)}) l
    where l.key in (select key from ${givenKeys(keyed, keys)})`.execute(db)
  return rows.map((row) => ({ key: keyFromDatabase(row.key), note: row.note }))
}
