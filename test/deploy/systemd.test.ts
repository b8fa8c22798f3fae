import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { tempDir } from '../support/temp-dir.js'
import { assertKnown, assertPatient, readProjectFile } from './containers.js'

const UNIT = 'deploy/master-sync-worker.service'

/** The settings of a unit, in order: `[section, name, value]`. */
function settingsOf(text: string): readonly (readonly [string, string, string])[] {
  const settings: (readonly [string, string, string])[] = []
  let section = ''
  for (const line of text.split('\n').filter((each) => each !== '' && !each.startsWith('#'))) {
    const header = /^\[(\w+)\]$/u.exec(line)?.[1]
    const [, name, value] = /^(\w+)=(.*)$/u.exec(line) ?? []
    assert.ok(header !== undefined || name !== undefined, line)
    if (header !== undefined) section = header
    if (name !== undefined) settings.push([section, name, value ?? ''])
  }
  return settings
}

describe('the systemd unit', () => {
  async function values(name: string): Promise<readonly string[]> {
    const settings = settingsOf(await readProjectFile(UNIT))
    return settings.filter(([, each]) => each === name).map(([, , value]) => value)
  }

  it('is one that systemd takes', async function () {
    const run = promisify(execFile)
    const found = await run('systemd-analyze', ['--version']).catch(() => undefined)
    if (found === undefined) this.skip()
    const folder = await tempDir()
    // Of this machine only the unit is looked at, not whether the program is installed on it.
    const unit = join(folder.path, 'master-sync-worker.service')
    const text = (await readProjectFile(UNIT)).replace('/usr/bin/node', process.execPath)
    await writeFile(unit, text)
    try {
      const { stderr } = await run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', unit])
      assert.equal(stderr, '')
    } finally {
      await folder.remove()
    }
  })

  it('starts node itself, as nobody special, and starts it again whatever it ends with', async () => {
    assert.deepEqual(await values('ExecStart'), ['/usr/bin/node bin/master-sync.js worker'])
    assert.deepEqual(await values('User'), ['master-sync'])
    assert.deepEqual(await values('Restart'), ['always'])
    assert.deepEqual(await values('StartLimitIntervalSec'), ['0'])
  })

  it('lets the worker stop by itself', async () => {
    assertPatient(Number((await values('TimeoutStopSec'))[0]))
  })

  it('gives variables that are read, secrets as files of its own', async () => {
    const variables = (await values('Environment')).map((text) => text.split('='))
    assertKnown(variables.map(([name = '']) => name))
    const credentials = (await values('LoadCredential')).map((text) => text.split(':')[0])
    const files = variables.filter(([name]) => name?.endsWith('_FILE') === true).map(([, path]) => path)
    assert.deepEqual(
      files,
      credentials.map((name) => `%d/${name ?? ''}`),
    )
    const plain = settingsOf(await readProjectFile('deploy/worker.env')).map(([, name]) => name)
    assertKnown(plain)
    for (const name of plain) assert.doesNotMatch(name, /URL|KEY|SECRET|PASSWORD/u)
  })
})
