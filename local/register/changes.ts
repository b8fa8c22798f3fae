import type { Client } from 'pg'
import { type Institution, inventBeds, inventRemarks, inventUrl, newcomer } from './institutions.js'
import { type InstitutionType, inventNames } from './names.js'
import { inventOpening } from './opening.js'
import { inventPhone, inventPlace } from './places.js'
import { prefectures } from './prefectures.js'
import { type Random, randomFrom } from './random.js'
import { searchForms } from './search-forms.js'
import { copyIn } from './table.js'

interface Candidate {
  readonly medical_id: string
  readonly institution_type: InstitutionType
  readonly prefecture_code: string
  readonly city_code: string
}

type Change = Partial<Institution> & Pick<Institution, 'medical_id'>

/**
 * One more day in the register's life: of `rows` institutions, half of them listed, most change a field or two, a
 * few listed ones close (their row goes, the list keeps the id) and a few open and are listed. Closures stay below 1 %
 * of the list. The day after the latest opening decides what happens, so the same state always changes in the same way,
 * and the next call is another day. Needs the register and the list; one transaction.
 */
export async function changeRegister(
  client: Client,
  options: { readonly rows: number },
): Promise<{ readonly changed: number; readonly closed: number; readonly opened: number }> {
  await client.query('begin')
  try {
    const { day, listed } = await today(client)
    const random = randomFrom(day)
    const closing = Math.min(Math.floor(options.rows / 50), Math.floor(listed * 0.009))
    // By those that open the days are counted.
    const opening = Math.max(1, Math.min(Math.floor(options.rows / 60), newcomersPerDay))
    const changing = options.rows - closing - opening

    const ofTheList = await pick(client, day, true, closing + Math.ceil(changing / 2))
    const others = await pick(client, day, false, Math.floor(changing / 2))
    const closed = await close(client, ofTheList.slice(0, closing))
    const changes = [...ofTheList.slice(closing), ...others].map((candidate) => {
      const change = inventChange(random, candidate)
      const { medical_id, prefecture_code } = candidate
      return { ...change, ...searchForms({ ...change, prefecture_code }), medical_id }
    })
    const changed = await write(client, changes)
    const opened = await open(client, day, opening)
    await client.query('commit')
    return { changed, closed, opened }
  } catch (error) {
    await client.query('rollback').catch(() => undefined)
    throw error
  }
}

const newcomersPerDay = 100

/** The register is as of 2026-05-31. `day` counts the days since 1970. */
async function today(client: Client): Promise<{ readonly day: number; readonly listed: number }> {
  const { rows } = await client.query<{ day: number; listed: number }>(`
    select
      greatest(max(opened_on), date '2026-05-31') - date '1970-01-01' + 1 as day,
      (select count(*)::integer from public.sync_target_orgs join public.master_medical_orgs using (medical_id)) as listed
    from public.master_medical_orgs having count(*) > 0`)
  const found = rows[0]
  if (found === undefined) throw new Error('public.master_medical_orgs is empty: nothing to change')
  return found
}

function dateOf(day: number): string {
  return new Date(Date.UTC(1970, 0, 1 + day)).toISOString().slice(0, 10)
}

/** In an order that depends on the day and the ids alone. */
async function pick(
  client: Client,
  day: number,
  isListed: boolean,
  limit: number,
): Promise<readonly Candidate[]> {
  const { rows } = await client.query<Candidate>(
    `select medical_id, institution_type, prefecture_code, city_code
     from public.master_medical_orgs as m
     where exists (select from public.sync_target_orgs as t where t.medical_id = m.medical_id) = $1
     order by hashtextextended(medical_id, $2), medical_id collate "C"
     limit $3`,
    [isListed, day, limit],
  )
  return rows
}

async function close(client: Client, candidates: readonly Candidate[]): Promise<number> {
  const { rowCount } = await client.query(
    'delete from public.master_medical_orgs where medical_id = any($1::text[])',
    [candidates.map(({ medical_id }) => medical_id)],
  )
  return rowCount ?? 0
}

async function open(client: Client, day: number, count: number): Promise<number> {
  const all = Array.from({ length: count }, (_, i) => ({
    ...newcomer(day * newcomersPerDay + i),
    opened_on: dateOf(day),
  }))
  const ids = all.map(({ medical_id }) => medical_id)
  // After years of days the ids come round again.
  const { rows } = await client.query<{ medical_id: string }>(
    'select medical_id from public.master_medical_orgs where medical_id = any($1::text[])',
    [ids],
  )
  const taken = new Set(rows.map(({ medical_id }) => medical_id))
  const newcomers = all.filter(({ medical_id }) => !taken.has(medical_id))
  await copyIn(client, newcomers)
  await client.query(
    `insert into public.sync_target_orgs (medical_id, note)
     select unnest($1::text[]), '新規開設' on conflict do nothing`,
    [newcomers.map(({ medical_id }) => medical_id)],
  )
  return newcomers.length
}

function inventChange(random: Random, candidate: Candidate): Partial<Institution> {
  const { institution_type: type, medical_id } = candidate
  const prefecture = prefectures.find(({ code }) => code === candidate.prefecture_code)
  const city = prefecture?.cities.find(({ code }) => code === candidate.city_code)
  if (prefecture === undefined || city === undefined) return { remarks: inventRemarks(random) }

  const share = random.below(100)
  if (share < 25) return { phone: inventPhone(random, prefecture) }
  if (share < 45) return inventOpening(random, type)
  if (share < 60) return inventNames(random, type, city)
  if (share < 70) return inventPlace(random, prefecture, city)
  if (share < 80) return { url: inventUrl(random, medical_id) }
  return type === 1 ? inventBeds(random, type) : { remarks: inventRemarks(random) }
}

/** One statement for each set of columns that changes together; the table itself knows the types. */
async function write(client: Client, changes: readonly Change[]): Promise<number> {
  const bySet = new Map<string, Change[]>()
  for (const change of changes) {
    const set = Object.keys(change)
      .filter((name) => name !== 'medical_id')
      .map((name) => `${name} = n.${name}`)
      .join(', ')
    bySet.set(set, [...(bySet.get(set) ?? []), change])
  }
  let written = 0
  for (const [set, rows] of bySet) {
    const { rowCount } = await client.query(
      `update public.master_medical_orgs as m set ${set}
       from jsonb_populate_recordset(null::public.master_medical_orgs, $1::jsonb) as n
       where n.medical_id = m.medical_id`,
      [JSON.stringify(rows)],
    )
    written += rowCount ?? 0
  }
  return written
}
