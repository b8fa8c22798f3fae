import { copyListed, timed, type Contender, type Servers } from './contender.js'
import { createTable } from './dataset.js'

/** The yardstick: everything anew, by COPY from server to server, in one transaction. */
export function copyPipe(servers: Servers): Contender {
  const { cloud } = servers
  return {
    name: 'COPY pipe',
    reset: () => createTable(cloud, 'orgs'),
    run: () =>
      timed(async () => {
        await cloud.query('begin; truncate orgs')
        await copyListed(servers, 'orgs')
        await cloud.query('commit')
      }),
  }
}

/** What a script usually does: COPY into a temporary table, and an upsert that writes every row. */
export function stagedUpsert(servers: Servers): Contender {
  const { cloud } = servers
  return {
    name: 'COPY, upsert',
    reset: () => createTable(cloud, 'orgs'),
    run: () =>
      timed(async () => {
        await cloud.query('begin; create temporary table staged (like orgs) on commit drop')
        await copyListed(servers, 'staged')
        await cloud.query(`
          insert into orgs select * from staged on conflict (id) do update set ${await assignments(servers)}`)
        await cloud.query('commit')
      }),
  }
}

/** The cloud reads the source as a foreign table, and writes only rows that differ. */
export function foreignUpsert(servers: Servers): Contender {
  const { cloud } = servers
  return {
    name: 'postgres_fdw, guarded upsert',
    reset: async () => {
      await createTable(cloud, 'orgs')
      const { hostname, port, pathname, username } = new URL(servers.sourceUrl)
      await cloud.query(`
        drop schema if exists onprem cascade; create schema onprem;
        create extension if not exists postgres_fdw;
        drop server if exists onprem cascade;
        create server onprem foreign data wrapper postgres_fdw
          options (host '${hostname}', port '${port}', dbname '${pathname.slice(1)}', fetch_size '10000', use_remote_estimate 'true');
        create user mapping for current_user server onprem options (user '${username}');
        import foreign schema public from server onprem into onprem;
        analyze onprem.orgs; analyze onprem.targets`)
    },
    run: () =>
      timed(async () => {
        const columns = await dataColumns(servers)
        const differs = `(${columns.map((c) => `orgs.${c}`).join(', ')}) is distinct from
          (${columns.map((c) => `excluded.${c}`).join(', ')})`
        await cloud.query(`
          insert into orgs select o.* from onprem.orgs o join onprem.targets t on t.id = o.id
          on conflict (id) do update set ${await assignments(servers)} where ${differs}`)
      }),
  }
}

async function dataColumns({ cloud }: Servers): Promise<readonly string[]> {
  const { rows } = await cloud.query<{ readonly name: string }>(`
    select attname as name from pg_attribute
    where attrelid = 'orgs'::regclass and attnum > 0 and not attisdropped and attname <> 'id' order by attnum`)
  return rows.map(({ name }) => name)
}

async function assignments(servers: Servers): Promise<string> {
  return (await dataColumns(servers)).map((column) => `${column} = excluded.${column}`).join(', ')
}
