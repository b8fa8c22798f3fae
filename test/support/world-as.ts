import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { createWorld, type World, type WorldOptions } from './world.js'

/** A world that the sync reaches as a role without any rights, and an app of the owner of all that is there. */
export interface WorldAs {
  readonly world: World
  readonly owner: App
  readonly close: () => Promise<void>
}

/** @param role belongs to the whole server: a name that no other test has */
export async function createWorldAs(
  role: string,
  options: Pick<WorldOptions, 'source' | 'master'>,
): Promise<WorldAs> {
  const as = (user: string) => (url: string) =>
    Object.assign(new URL(url), { username: encodeURIComponent(user) }).toString()
  const world = await createWorld({
    ...options,
    source: `${options.source}; create role "${role}" login`,
    cloud: `create role "${role}" login`,
    setUp: false,
    through: { source: as(role), cloud: as(role) },
  })
  const asOwner = (variable: string): string => as('postgres')(world.env[variable] ?? '')
  const owner = new App(
    readEnvironment(
      {
        ...world.env,
        SOURCE_DATABASE_URL: asOwner('SOURCE_DATABASE_URL'),
        CLOUD_DATABASE_URL: asOwner('CLOUD_DATABASE_URL'),
      },
      () => '',
    ),
  )
  return {
    world,
    owner,
    close: async () => {
      await owner.close()
      for (const pool of [world.source, world.cloud])
        await pool.query(`drop owned by "${role}"; drop role "${role}"`)
      await world.close()
    },
  }
}
