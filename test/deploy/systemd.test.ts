import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { access, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CHECKOUT } from '../cli/run-cli.js'
import { tempDir } from '../support/temp-dir.js'
import { assertKnown, assertPatient, assertPlain, readProjectFile } from './containers.js'

const VERBS = ['worker', 'console'] as const

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

for (const verb of VERBS)
  describe(`the systemd unit of the ${verb}`, () => {
    const name = `master-sync-${verb}.service`
    async function values(setting: string): Promise<readonly string[]> {
      const settings = settingsOf(await readProjectFile(`deploy/${name}`))
      return settings.filter(([, each]) => each === setting).map(([, , value]) => value)
    }

    it('is one that systemd takes', async function () {
      const run = promisify(execFile)
      const found = await run('systemd-analyze', ['--version']).catch(() => undefined)
      if (found === undefined) this.skip()
      const folder = await tempDir()
      // Of this machine only the unit is looked at, not whether the program is installed on it.
      const unit = join(folder.path, name)
      const text = (await readProjectFile(`deploy/${name}`)).replace('/usr/bin/node', process.execPath)
      await writeFile(unit, text)
      try {
        const { stderr } = await run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', unit])
        assert.equal(stderr, '')
      } finally {
        await folder.remove()
      }
    })

    it('starts a program that is installed, and not as root', async () => {
      const [, program = '', started] = (await values('ExecStart')).join(' ').split(' ')
      await access(join(CHECKOUT, program))
      assert.equal(started, verb)
      assert.doesNotMatch((await values('User')).join(), /^(?:root|0)?$/u)
    })

    it('lets it stop by itself', async () => {
      assertPatient(Number((await values('TimeoutStopSec'))[0]))
    })

    it('gives variables that are read, secrets as files of its own', async () => {
      const variables = (await values('Environment')).map((text) => {
        const [name = '', value = ''] = text.split('=')
        return { name, value }
      })
      assertKnown(variables.map(({ name }) => name))
      assertPlain(Object.fromEntries(variables.map(({ name, value }) => [name, value])))
      const credentials = (await values('LoadCredential')).map((text) => text.split(':')[0])
      assert.ok(credentials.length >= 2, 'the databases at least')
      assert.deepEqual(
        variables.filter(({ name }) => name.endsWith('_FILE')).map(({ value }) => value),
        credentials.map((name) => `%d/${name ?? ''}`),
      )
      const plain = settingsOf(await readProjectFile(`deploy/${verb}.env`))
      assertKnown(plain.map(([, name]) => name))
      assertPlain(Object.fromEntries(plain.map(([, name, value]) => [name, value])))
    })
  })
