import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Client } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { type Institution, institutions, newcomer } from './institutions.js'
import { searchForms } from './search-forms.js'

/**
 * Fills `public.master_medical_orgs`, which `setup --with-master` makes, with `rows` made-up institutions. Where the
 * table has rows already nothing happens. 120,000 rows: about 4 s, streamed; one COPY, so all of them or none.
 */
export async function fillRegister(client: Client, options: { readonly rows: number }): Promise<void> {
  const { rowCount } = await client.query('select from public.master_medical_orgs limit 1')
  if (rowCount !== 0) return
  await copyIn(client, institutions(options.rows))
  await client.query('analyze public.master_medical_orgs')
}

type Row = Readonly<Record<string, Institution[keyof Institution]>>

const rowOf = (institution: Institution): Row => ({ ...institution, ...searchForms(institution) })

/** The fields of an institution are called as the columns are. */
const names = Object.keys(rowOf(newcomer(0)))

/** Adds institutions to the register; throws on an id that is there already. */
export async function copyIn(client: Client, rows: Iterable<Institution>): Promise<void> {
  const copy = copyFrom(`copy public.master_medical_orgs (${names.join(', ')}) from stdin`)
  await pipeline(Readable.from(inChunks(rows), { objectMode: false }), client.query(copy))
}

/** COPY's text format, in pieces big enough that the stream costs nothing beside the rows. */
function* inChunks(rows: Iterable<Institution>): Generator<string> {
  let chunk = ''
  for (const institution of rows) {
    const row = rowOf(institution)
    chunk += names.map((name) => copyText(row[name] ?? null)).join('\t') + '\n'
    if (chunk.length > 64 * 1024) {
      yield chunk
      chunk = ''
    }
  }
  yield chunk
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function copyText(value: Institution[keyof Institution]): string {
  if (value === null) return '\\N'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return text.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character)
}
