import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { cli, jsonIn, tells, type Ended } from './run-cli.js'

const ORGS = `# 医療機関
master: orgs
source: { table: public.orgs, key: [id] }
targets: { table: public.targets }
cloud: { table: public.orgs }
`

describe('a masters folder', () => {
  let folder: TempDir
  let folders = 0
  before(async () => {
    folder = await tempDir()
  })
  after(() => folder.remove())

  /** Runs a verb with these files; nothing else is configured. */
  async function verb(files: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> {
    folders += 1
    const path = join(folder.path, String(folders))
    await mkdir(path)
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text)
    return cli({ MASTERS_DIR: path }, ...args)
  }

  it('with wrong files tells all problems of all of them, by file, line and column, and exits 3', async () => {
    const files = {
      'a.yaml': ORGS.replace('[id]', 'id'),
      'b.yml': `${ORGS.replace('orgs\n', 'second\n')}colums: {}\nschedule: { cron: daily }\n`,
      'c.yaml': 'master: [',
      'notes.txt': 'master: [',
    }
    for (const ended of await Promise.all([
      verb(files, 'start-sync', 'orgs'),
      verb(files, 'worker'),
      verb(files, 'setup', '--json'),
    ])) {
      tells(
        ended,
        3,
        'MASTER_FILE_INVALID',
        /a\.yaml:3:36 source\.key: .*array/u,
        /b\.yml:6:1 colums: unknown key/u,
        /b\.yml:7:19 schedule\.cron: must have five fields/u,
        /c\.yaml:1:\d+ /u,
      )
      assert.doesNotMatch(ended.stderr, /notes\.txt/u)
    }
  })

  it('with two files of one master names both, and exits 3', async () => {
    const ended = await verb({ 'a.yaml': ORGS, 'b.yaml': ORGS }, 'runs')
    tells(ended, 3, 'MASTER_FILE_INVALID', /b\.yaml:2:1 master: orgs is the name in .*a\.yaml too/u)
  })

  it('with several masters and no default asks for a name, and exits 3', async () => {
    const second = ORGS.replace('orgs\n', 'second\n').replace(
      'cloud: { table: public',
      'cloud: { table: second',
    )
    const [none, wrong, both] = await Promise.all([
      verb({ 'a.yaml': ORGS, 'b.yaml': second }, 'start-sync', '--json'),
      verb({ 'a.yaml': ORGS, 'b.yaml': second }, 'schedule', 'pause', '--master', 'third'),
      verb({ 'a.yaml': `${ORGS}default: true`, 'b.yaml': second }, 'start-sync'),
    ])
    tells(none, 3, 'MASTER_UNKNOWN', 'orgs, second', 'default: true')
    tells(wrong, 3, 'MASTER_UNKNOWN', '"third"', 'orgs, second')
    // The default is taken: what is missing next is told.
    tells(both, 3, 'OPTION_INVALID', 'SOURCE_DATABASE_URL is not set')
    const failure = z.strictObject({
      code: z.literal('MASTER_UNKNOWN'),
      message: z.string(),
      remedy: z.string(),
    })
    const told = jsonIn(none, z.strictObject({ failure })).failure
    assert.ok(none.stderr.includes(`${told.message}\n  → ${told.remedy}`))
  })

  it('that is empty, or not there, or holds a file that cannot be read, is told and exits 3', async () => {
    const missing = join(folder.path, 'none')
    const dangling = join(folder.path, 'dangling')
    await mkdir(join(dangling, 'a.yaml'), { recursive: true })
    const [empty, none, unreadable] = await Promise.all([
      verb({}, 'setup'),
      cli({ MASTERS_DIR: missing }, 'schedule', 'apply'),
      cli({ MASTERS_DIR: dangling }, 'targets', 'list'),
    ])
    tells(empty, 3, 'MASTER_UNKNOWN', 'holds no master file')
    tells(none, 3, 'OPTION_INVALID', 'MASTERS_DIR', missing)
    tells(unreadable, 3, 'MASTER_FILE_INVALID', join(dangling, 'a.yaml'))
  })

  it('is not asked for more than a verb needs: the files alone say that an id is wrong', async () => {
    const rooms = ORGS.replace('[id]', '[org, room]')
    tells(await verb({ 'a.yaml': rooms }, 'targets', 'add', 'M1'), 3, 'ID_INVALID', '"M1"', 'org, room')
  })
})
