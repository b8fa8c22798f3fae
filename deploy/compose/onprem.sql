-- For docker-compose.yml: a master of ten made-up institutions, and a list of five of them.
create table public.master_medical_orgs (
  medical_id text primary key,
  name text not null,
  address text not null,
  phone text,
  url text,
  beds_total integer,
  remarks text,
  founder_name text not null,
  administrator_name text
);
insert into public.master_medical_orgs
select
  '1311' || lpad(n::text, 6, '0'), '見本病院' || n, '東京都千代田区見本町' || n,
  '03-0000-' || lpad(n::text, 4, '0'), 'https://byoin-' || n || '.example.jp/', n * 10, null, '見本 太郎' || n, null
from generate_series(1, 10) n;

create table public.sync_target_orgs (
  medical_id text primary key,
  note text
);
insert into public.sync_target_orgs (medical_id)
select medical_id from public.master_medical_orgs order by medical_id limit 5;
