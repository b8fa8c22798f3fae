import type { Client } from 'pg'

/**
 * Fills the list of wanted institutions, `public.sync_target_orgs`, which `setup --with-targets` makes, with about
 * `rows` of the register's ids spread evenly over it, some with a note. Where the list has rows already nothing happens.
 */
export async function fillTargetList(client: Client, options: { readonly rows: number }): Promise<void> {
  const { rowCount } = await client.query('select from public.sync_target_orgs limit 1')
  if (rowCount !== 0) return
  await client.query(everyNth, [options.rows])
  await client.query('analyze public.sync_target_orgs')
}

const everyNth = `
  insert into public.sync_target_orgs (medical_id, note)
  select medical_id, (array['OptiServe 契約中', null, '導入予定', null, 'トライアル中', null, null])[1 + place % 7]
  from (
    select medical_id, row_number() over (order by medical_id collate "C") as place, count(*) over () as total
    from public.master_medical_orgs
  ) as register
  where place % greatest(1, total / greatest(1, $1::bigint)) = 0
  order by place
  limit $1`
