import { sql } from 'kysely'
import { SyncError } from '../core/errors.js'
import { formatKey, keyFromDatabase, type Key } from '../core/ids.js'
import type { ColumnShape } from '../core/shape.js'
import { formatTableName, quoteName, type TableName } from '../core/table-name.js'
import { asKeyOf } from './checks.js'
import {
  equalsText,
  isValueOf,
  keyArray,
  keyArrays,
  keysTable,
  keyText,
  tableOf,
  typeOf,
  type Fragment,
} from './fragments.js'
import { hashArray, seedOf } from './row-hash.js'
import { inSavepoint } from './savepoint.js'
import type { Session } from './session.js'

/** The on-prem table of the list, as far as it is read and written. */
export interface ListTable {
  readonly table: TableName
  readonly key: readonly ColumnShape[]
  /** Whether an id can stand there but once. */
  readonly unique: boolean
  readonly hasNote: boolean
  /** It has to have a note: an empty one stands for none. */
  readonly notNullNote: boolean
  /** Whether the server keeps texts as UTF-8. */
  readonly utf8: boolean
}

/** An id to be put into the table. */
export interface Placement {
  readonly key: Key
  readonly note: string | null
  /** Whether the note in the table is this one's to say. */
  readonly owns: boolean
}

function keyTexts({ key }: ListTable): readonly Fragment[] {
  return key.map((column) => keyText('l', column))
}

/** Its rows, for the stage: keys as texts, and notes. */
export function tableEntries(list: ListTable): Fragment {
  const present = list.key.map((column) => sql`l.${sql.id(column.name)} is not null`)
  return sql`
    select ${keyArray(keyTexts(list))}, ${list.hasNote ? sql`nullif(l.note::text, '')` : sql`null::text`}
    from ${tableOf(list.table)} l where ${sql.join(present, sql` and `)}`
}

/** Count and sum, as `entriesDigest` has it of the ledger's entries. */
export async function tableDigest({ db }: Session, list: ListTable): Promise<string> {
  // An empty note is none, as in any list.
  const note = sql`case when l.note::text <> '' then ${seedOf([sql`l.note::text`], list.utf8)} end`
  const h = list.hasNote
    ? hashArray(keyTexts(list), sql`coalesce(${note}, 0)`, list.utf8)
    : seedOf(keyTexts(list), list.utf8)
  const present = list.key.map((column) => sql`l.${sql.id(column.name)} is not null`)
  const { rows } = await sql<{ readonly digest: string }>`
    select format('%s:%s', count(*), sum(h)) as digest from (
      select distinct ${sql.join(keyTexts(list))}, ${h} as h from ${tableOf(list.table)} l
      where ${sql.join(present, sql` and `)}) l`.execute(db)
  return rows[0]?.digest ?? ''
}

/** An id that a column of the table cannot hold as it is: a number loses its leading zeros, a short text the rest. */
export interface Unstorable {
  readonly key: Key
  readonly column: ColumnShape
}

export async function findUnstorable(
  { db }: Session,
  { key: columns }: ListTable,
  keys: readonly Key[],
): Promise<Unstorable | undefined> {
  for (const key of keys) {
    const stored = asKeyOf(columns, key)
    const column = columns.find(
      (one, index) => stored[index] !== key[index] || !isValueOf(one, key[index] ?? ''),
    )
    if (column !== undefined) return { key, column }
  }
  const texts = columns.map((column, index) => ({ column, name: sql.id('k', `k${index + 1}`) }))
  const cut = texts.flatMap(({ column, name }) =>
    column.family === 'text' ? [sql`(${name}::${typeOf(column.type)})::text collate "C" <> ${name}`] : [],
  )
  if (cut.length === 0 || keys.length === 0) return undefined
  const { rows } = await sql<{ readonly key: string[] }>`
    select ${keyArray(texts.map(({ name }) => sql`${name}`))} as key
    from ${keysTable({ key: columns }, keys, 'k')} where ${sql.join(cut, sql` or `)} limit 1`.execute(db)
  const column = columns.find(({ family }) => family === 'text')
  return rows[0] === undefined || column === undefined
    ? undefined
    : { key: keyFromDatabase(rows[0].key), column }
}

/** @param place where the id stands, with a blank behind it */
export function notStorable({ table }: ListTable, { key, column }: Unstorable, place = ''): SyncError {
  const name = quoteName(column.name)
  return new SyncError(
    'ID_INVALID',
    `${place}${formatKey(key)} cannot stand as it is in ${formatTableName(table)}, whose ${name} is ${column.type}`,
    { remedy: `alter table ${formatTableName(table)} alter column ${name} type text;` },
  )
}

/** Puts ids into the table that it lacks, and notes that it has otherwise. Belongs in a transaction. */
export async function placeEntries(
  session: Session,
  table: ListTable,
  placements: readonly Placement[],
): Promise<void> {
  if (placements.length === 0) return
  // A table without statistics of today is taken for empty, and then joined row by row: 37 s for 100,000 ids, not 0.3 s.
  await sql`set local enable_nestloop = off`.execute(session.db)
  // As a rule none is there yet. To look for them, and for other sessions that put one there just now, takes as long again.
  const attempt = await inSavepoint(session, () =>
    insert(session, table, placements, table.unique ? 'all' : 'missing'),
  )
  if (attempt.ok && attempt.value === placements.length) return
  if (!attempt.ok) await insert(session, table, placements, 'missing')
  if (table.hasNote) await changeNotes(session, table, placements)
}

async function insert(
  { db }: Session,
  { table, key: columns, hasNote, notNullNote }: ListTable,
  placements: readonly Placement[],
  which: 'all' | 'missing',
): Promise<number> {
  const missing = sql`
    where not exists (select from ${tableOf(table)} l where ${keyEquals(columns)}) on conflict do nothing`
  const targets = [...columns.map(({ name }) => sql.id(name)), ...(hasNote ? [sql.id('note')] : [])]
  const values = columns.map(({ type }, index) => sql`k.${sql.id(`k${index + 1}`)}::${typeOf(type)}`)
  const note = notNullNote ? sql`coalesce(k.note, '')` : sql`k.note`
  const inserted = await sql`
    insert into ${tableOf(table)} (${sql.join(targets)})
    select ${sql.join([...values, ...(hasNote ? [note] : [])])} from ${given(columns, placements)}
    ${which === 'all' ? sql`` : missing}`.execute(db)
  return Number(inserted.numAffectedRows ?? 0n)
}

async function changeNotes(
  { db }: Session,
  { table, key: columns, notNullNote }: ListTable,
  placements: readonly Placement[],
): Promise<void> {
  const owned = placements.filter(({ owns }) => owns)
  const note = notNullNote ? sql`coalesce(k.note, '')` : sql`k.note`
  await sql`
    update ${tableOf(table)} l set note = ${note} from ${given(columns, owned)}
    where ${keyEquals(columns)} and l.note is distinct from ${note}`.execute(db)
}

/** Placements as a table `k(k1, k2, …, note)` of texts. */
function given(columns: readonly ColumnShape[], placements: readonly Placement[]): Fragment {
  const keys = keyArrays(
    { key: columns },
    placements.map(({ key }) => key),
  )
  const names = columns.map((_, index) => sql.id(`k${index + 1}`))
  return sql`unnest(${sql.join(keys)}, ${placements.map(({ note }) => note)}::text[]) as k(${sql.join(names)}, note)`
}

export async function dropEntries(
  { db }: Session,
  { table, key: columns }: ListTable,
  keys: readonly Key[],
): Promise<void> {
  if (keys.length === 0) return
  await sql`
    delete from ${tableOf(table)} l using ${keysTable({ key: columns }, keys, 'k')} where ${keyEquals(columns)}`.execute(
    db,
  )
}

function keyEquals(columns: readonly ColumnShape[]): Fragment {
  return sql.join(
    columns.map((column, index) =>
      equalsText(column, sql`l.${sql.id(column.name)}`, sql.id('k', `k${index + 1}`), true),
    ),
    sql` and `,
  )
}
