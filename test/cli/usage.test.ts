import assert from 'node:assert/strict'
import { OPTIONS } from '../../core/option-table.js'
import { failureResultSchema } from '../../core/results.js'
import { calendarDate } from '../../scripts/date-option.js'
import { cli, exits, jsonIn, tells } from './run-cli.js'
import { readPage } from '../support/markdown.js'

const VERBS = ['setup', 'worker', 'start-sync', 'schedule', 'targets', 'runs', 'cancel']
const HELPS = ['setup', 'worker', 'start-sync', 'schedule', 'targets add', 'runs', 'cancel', 'local']

describe('the command line', () => {
  it('takes a date only where there is such a day', () => {
    assert.deepEqual(['2026-02-28', '2028-02-29'].map(calendarDate), ['2026-02-28', '2028-02-29'])
    for (const none of ['2026-02-31', '2026-13-01', '2026-2-1', '20260201', 'today', '2026-02-01T00', ''])
      assert.throws(() => calendarDate(none), /a date that there is/u)
  })

  it('explains every verb on stdout and exits 0, with nothing configured', async () => {
    const helps = await Promise.all(HELPS.map((verb) => cli({}, ...verb.split(' '), '--help')))
    for (const [index, help] of helps.entries()) {
      exits(help, 0)
      assert.match(help.stdout, new RegExp(`^Usage: master-sync ${HELPS[index] ?? ''}`, 'u'))
      assert.equal(help.stderr, '')
    }
  })

  it('lists the verbs and the exit codes', async () => {
    const help = await cli({}, '--help')
    exits(help, 0)
    for (const verb of VERBS) assert.match(help.stdout, new RegExp(`^  ${verb} `, 'mu'))
    assert.match(help.stdout, /0 done .* 130 interrupted/su)
  })

  it('tells its version, that of package.json', async () => {
    const ended = await cli({}, '--version')
    exits(ended, 0)
    assert.ok(readPage('package.json').includes(`"version": "${ended.stdout.trim()}"`), ended.stdout)
  })

  it('explains the environment variables where they are read', async () => {
    const [all, worker, served, local] = await Promise.all([
      cli({}, '--help'),
      cli({}, 'worker', '--help'),
      cli({}, 'console', '--help'),
      cli({}, 'local', '--help'),
    ])
    for (const [name, { readBy }] of Object.entries(OPTIONS)) {
      const explained = new RegExp(`^  ${name} +\\S`, 'mu')
      if (readBy === 'local') assert.match(local.stdout, explained)
      else if (readBy === 'console') assert.match(served.stdout, explained)
      else for (const help of [all, worker]) assert.match(help.stdout, explained)
    }
  })

  it('exits 2 for what it does not understand, says so on stderr, and suggests', async () => {
    const said = await Promise.all(
      [
        ['start-snyc'],
        ['runs', '--jsn'],
        ['start-sync', '--mode', 'everything'],
        ['runs', 'seven'],
        ['start-sync', 'a', 'b'],
        ['targets'],
      ].map((args) => cli({}, ...args)),
    )
    for (const ended of said) {
      exits(ended, 2)
      assert.equal(ended.stdout, '')
      assert.match(ended.stderr, /^(?:\[USAGE\] |Usage: )/u)
    }
    assert.match(said[0]?.stderr ?? '', /Did you mean start-sync\?/u)
    assert.match(said[1]?.stderr ?? '', /Did you mean --json\?/u)
    assert.match(said[2]?.stderr ?? '', /apply, plan, verify/u)
    assert.match(
      said[3]?.stderr ?? '',
      /the number of a run: see master-sync runs\.\n {2}→ .*--help.*\n {2}コマンドの書き方/u,
    )
  })

  it('with --json tells an error on stdout as well, for programs', async () => {
    const ended = await cli({ MASTERS_DIR: '/nowhere' }, 'runs', '--json')
    tells(ended, 3, 'OPTION_INVALID', '/nowhere')
    const { failure } = jsonIn(ended, failureResultSchema)
    assert.equal(failure.code, 'OPTION_INVALID')
    assert.match(failure.message, /\/nowhere/u)
    assert.notEqual(failure.remedy, '')
  })
})
