import type pg from 'pg'

/** The columns of the measured table: 26 of the usual kinds, about 600 bytes a row. */
const COLUMNS = `
  id text primary key, kind text not null, name text not null, kana text, prefecture smallint not null,
  city text, address text, postcode character(7), phone text, url text, beds integer, fee numeric(12, 2),
  share numeric, latitude double precision, longitude double precision, rating real, opened date, closed date,
  updated timestamptz, emergency boolean, departments text[], codes integer[], hours jsonb, founder text,
  registered uuid, remarks text`

/** Creates the measured table without rows, as `name`. */
export async function createTable(client: pg.Client, name: string): Promise<void> {
  await client.query(`drop table if exists ${name}; create table ${name} (${COLUMNS})`)
}

/** Fills the source: `rows` made-up institutions in `orgs`, and a list of `targets` of them, spread evenly. */
export async function fillSource(
  client: pg.Client,
  { rows, targets }: { readonly rows: number; readonly targets: number },
): Promise<void> {
  await createTable(client, 'orgs')
  await client.query(`
    insert into orgs
    select lpad((n % 47 + 1)::text, 2, '0') || lpad(n::text, 8, '0'), (array['病院', '診療所', '歯科', '薬局'])[n % 4 + 1],
      '医療法人社団' || (array['青葉会', '緑風会', '和光会', '清水会', '若葉会'])[n % 5 + 1] || '第' || n || 'クリニック',
      'アオバカイダイ' || n || 'クリニック', n % 47 + 1, (array['千代田区', '横浜市', '札幌市', '名古屋市'])[n % 4 + 1],
      '中央' || n % 30 + 1 || '丁目' || n % 20 + 1 || '番' || n % 9 + 1 || '号 メディカルビル' || n % 12 + 1 || '階',
      lpad((n % 9999999)::text, 7, '0'), '0' || n % 9 + 1 || '-' || n % 9000 + 1000 || '-' || n % 7000 + 1000,
      'https://clinic-' || n || '.example.jp/', case when n % 3 = 0 then n % 500 end, (n % 90000) / 7.0, n / 13.0,
      34 + (n % 100000) / 33333.0::float8, 135 + (n % 100000) / 25000.0::float8, (n % 50) / 10.0,
      date '1950-01-01' + n % 27000, case when n % 40 = 0 then date '2025-04-01' end,
      timestamptz '2026-01-01 00:00:00+09' + n * interval '1.000137 seconds', n % 11 = 0,
      array['内科', '小児科', '皮膚科'], array[n % 100, n % 1000, n],
      jsonb_build_object('mon', '09:00-18:00', 'tue', '09:00-18:00', 'wed', '09:00-12:30', 'sat', null, 'n', n / 3.0),
      '山田 太郎', md5(n::text)::uuid, repeat('備考 ', n % 12) || n
    from generate_series(1, ${rows}) n;
    drop table if exists targets;
    create table targets (id text primary key, note text);
    insert into targets select id from (
      select id, row_number() over (order by id) as n from orgs) o
    where (n * ${targets}) / ${rows} > ((n - 1) * ${targets}) / ${rows}`)
  await client.query('vacuum analyze')
}

/** Changes one listed row in `every`, scattered; `round` makes each change a new one. */
export async function changeRows(client: pg.Client, every: number, round: number): Promise<void> {
  await client.query(`
    update orgs set phone = '03-${every}-${round}'
    from targets where orgs.id = targets.id and abs(hashtextextended(orgs.id, 1) % ${every}) = 0`)
  await client.query('vacuum analyze orgs')
}

/** Lists one more row. */
export async function listOneMore(client: pg.Client): Promise<void> {
  await client.query(`
    insert into targets select id from orgs where not exists (select from targets where targets.id = orgs.id)
    order by id limit 1`)
}
