import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdir, readFile, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { CHECKOUT, exits, reportIn, start, type Running } from '../cli/run-cli.js'
import { buildInto } from '../support/built.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { createWorld } from '../support/world.js'

const run = promisify(execFile)

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.literal(true).optional() })) })

/** What the image holds: `dist`, `bin`, `masters`, `package.json`, and the packages without those for development. */
describe('the built form', () => {
  let folder: TempDir
  before(async () => {
    folder = await tempDir()
    await buildInto(folder.path)
    await linkPackages()
    await run(process.execPath, ['dist/scripts/complete-build.js'], { cwd: folder.path })
  })
  after(() => folder.remove())

  async function linkPackages(): Promise<void> {
    const lock = await readFile(join(CHECKOUT, 'package-lock.json'), 'utf8')
    const { packages } = lockSchema.parse(JSON.parse(lock))
    // What lies within a package comes with it.
    const needed = Object.entries(packages)
      .filter(([path, { dev }]) => dev === undefined && path.lastIndexOf('node_modules/') === 0)
      .map(([path]) => path)
    for (const path of needed) {
      await mkdir(dirname(join(folder.path, path)), { recursive: true })
      await symlink(join(CHECKOUT, path), join(folder.path, path))
    }
  }

  const command = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Running =>
    start(process.execPath, [join(folder.path, 'bin/master-sync.js'), ...args], {
      ...env,
      NODE_ENV: 'production',
    })

  it('knows every verb', async () => {
    const ended = await command({}, '--help').ended
    exits(ended, 0)
    for (const verb of ['setup', 'worker', 'start-sync', 'schedule', 'targets', 'runs', 'cancel'])
      assert.match(ended.stdout, new RegExp(`^  ${verb} `, 'mu'))
  })

  it('sets up and syncs, with the workflows bundled beforehand', async () => {
    const world = await createWorld({
      source: `create table orgs (id text primary key, name text); insert into orgs values ('1', '病院')`,
      setUp: false,
    })
    let worker: Running | undefined
    try {
      exits(await command(world.env, 'setup', '--with-targets').ended, 0)
      exits(await command(world.env, 'targets', 'add', '1').ended, 0)
      worker = command(world.env, 'worker')
      await worker.says('worker ready')
      const ended = await command(world.env, 'start-sync', '--json').ended
      exits(ended, 0)
      assert.deepEqual([reportIn(ended).rows.inserted, reportIn(ended).equal], [1, true])
      worker.process.kill('SIGTERM')
      const stopped = await worker.ended
      exits(stopped, 0)
      assert.doesNotMatch(stopped.stderr, /Workflow bundle created/u)
    } finally {
      worker?.process.kill('SIGTERM')
      await worker?.ended
      await world.close()
    }
  })
})
