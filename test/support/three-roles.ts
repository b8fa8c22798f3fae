import assert from 'node:assert/strict'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { printSql, type Script } from '../../operations/print-sql.js'
import { setUp } from '../../operations/setup.js'
import { createWorld, type World, type WorldOptions } from './world.js'

/** A world that runs as the printed roles and nothing more. */
export interface ThreeRoleWorld {
  readonly world: World
  /** Of someone who edits the list: the variables, and an app that goes by them. */
  readonly editorEnv: Readonly<Record<string, string>>
  readonly editor: App
  readonly scripts: readonly Script[]
  /** What the names of the roles begin with; the users who are in them are called `…_user`. */
  readonly prefix: string
  close(): Promise<void>
}

let made = 0

/**
 * Runs the printed SQL as its databases' owner would; everybody's default rights are taken away first, so that nothing
 * is allowed that the SQL does not grant. It is printed for someone who may do nothing but log in on-prem.
 */
export async function createThreeRoleWorld(
  options: Omit<WorldOptions, 'setUp' | 'through'>,
): Promise<ThreeRoleWorld> {
  made += 1
  // Roles belong to the whole server, which other test files use as well.
  const prefix = `t${process.pid}_${made}`
  const world = await createWorld({
    ...options,
    setUp: false,
    through: { source: as(`${prefix}_reader_user`), cloud: as(`${prefix}_writer_user`) },
  })
  const source = world.env['SOURCE_DATABASE_URL'] ?? ''
  for (const pool of [world.source, world.cloud]) {
    await pool.query(`revoke all on schema public from public;
      do $$ begin execute format('revoke all on database %I from public', current_database()); end $$`)
  }
  const nobody = `${prefix}_nobody`
  await world.source.query(
    `create role ${nobody} login; grant connect on database ${world.name} to ${nobody}`,
  )
  const stranger = appOf({ ...world.env, SOURCE_DATABASE_URL: as(nobody)(source), CLOUD_DATABASE_URL: '' })
  const create = { withTargets: true, withMaster: true }
  const scripts = await printSql(stranger, [world.master], { ...create, roles: prefix })
  await stranger.close()

  for (const { side, sql } of scripts) await world[side].query(sql)
  const user = (role: string): string => `create role ${role}_user login in role ${role};`
  for (const role of ['reader', 'editor', 'importer']) await world.source.query(user(`${prefix}_${role}`))
  await world.cloud.query(user(`${prefix}_writer`))
  assert.deepEqual(await setUp(world.app, world.master, create), [])

  const editorEnv = { ...world.env, SOURCE_DATABASE_URL: as(`${prefix}_editor_user`)(source) }
  const editor = appOf(editorEnv)
  return {
    world,
    editorEnv,
    editor,
    scripts,
    prefix,
    async close() {
      await editor.close()
      const roles = ['reader', 'editor', 'importer', 'writer'].flatMap((role) => [role, `${role}_user`])
      for (const pool of [world.source, world.cloud]) {
        for (const role of ['nobody', ...roles].map((name) => `${prefix}_${name}`)) {
          const { rowCount } = await pool.query('select from pg_roles where rolname = $1', [role])
          if (rowCount === 1) await pool.query(`drop owned by ${role}; drop role ${role}`)
        }
      }
      await world.close()
    },
  }
}

function appOf(env: Readonly<Record<string, string>>): App {
  return new App(readEnvironment(env, () => ''))
}

/** The URL for another user. */
export function as(user: string): (url: string) => string {
  return (url) => Object.assign(new URL(url), { username: user }).toString()
}
