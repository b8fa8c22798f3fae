import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RESULTS } from '../../core/results.js'
import { cli, exits, jsonIn, tells, type Ended } from './run-cli.js'
import { addTargets, removeTargets } from '../../operations/targets/edit.js'
import { targets as listed } from '../../operations/targets/list.js'
import { applyTargets } from '../../operations/targets/apply.js'
import { checkTargets } from '../../operations/targets/check.js'
import { exportTargets } from '../../operations/targets/export.js'
import { renderReading } from '../../scripts/targets-text.js'
import { createWorld, texts, type World } from '../support/world.js'

const ORGS = `
  create table orgs (id text primary key, name text);
  insert into orgs values ('0123456', '病院1'), ('AB-12', '病院2'), ('0099', '病院3'), ('1e3', '病院4');
  create table targets (id text primary key, note text)`

const NUMBERED = `
  create table orgs (id text primary key, name text);
  insert into orgs values ('0123456', '病院1'), ('77', '病院2');
  create table targets (id integer primary key);
  insert into targets values (77)`

const TEXTED = `
  create table orgs (id integer primary key, name text);
  insert into orgs values (5, '病院5'), (77, '病院77');
  create table targets (id text primary key)`

describe('targets, of lists in files', () => {
  let orgs: World
  let numbered: World
  let texted: World
  before(async () => {
    ;[orgs, numbered, texted] = await Promise.all([
      createWorld({
        source: ORGS,
        master: { targets: { notes: true, lists: ['support.csv'], publish: ['held.csv'] } },
      }),
      createWorld({ source: NUMBERED }),
      createWorld({ source: TEXTED }),
    ])
  })
  after(() => Promise.all([orgs.close(), numbered.close(), texted.close()]))

  const targets = (...args: readonly string[]): Promise<Ended> => cli(orgs.env, 'targets', ...args)
  const table = () => texts(orgs.source, 'select id, note from targets order by id')
  const at = (name: string): string => join(orgs.app.mastersFolder, '..', name)
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(at(name), text)
    return at(name)
  }
  const WHOLE = 'sync_targets:\n  - id: 0123456\n    note: 本院\n  - id: AB-12\n'
  const ODD = 'sync_targets:\n  - id: 0123456\n  - id: ab12\n  - id: 0123456\n  - id: 1.2E+10\n'

  it('check says what is odd about a list, where it stands, and what was meant; it changes nothing', async () => {
    const list = await write('odd.yaml', ODD)
    const words = await targets('check', list)
    exits(words, 4)
    assert.match(words.stdout, /1 standing twice 重複 · 2 not in the source 元マスタに無い\n/u)
    assert.ok(words.stdout.includes(`${list}:3:9 ab12: not in the source`), words.stdout)
    assert.ok(words.stdout.includes('もしかして AB-12?'), words.stdout)
    assert.ok(words.stdout.includes(`${list}:4:9 0123456: stands there more than once / 重複`), words.stdout)
    assert.match(
      words.stdout,
      /1\.2E\+10: not in the source: a spreadsheet made a number of it.*表計算ソフト/u,
    )
    assert.match(words.stdout, / {2}add 追加 3\n {4}0123456\n {4}1\.2E\+10\n {4}ab12\n/u)
    const good = await targets('check', await write('list.yaml', WHOLE), '--json')
    exits(good, 0)
    const { added, problems, applied } = jsonIn(good, RESULTS['targets check'])
    assert.deepEqual([added.rows, problems, applied], [2, [], false])
    assert.deepEqual(await table(), [])
  })

  it('apply changes nothing without a yes, nor with --strict where a list is odd', async () => {
    const unasked = await targets('apply', at('list.yaml'))
    exits(unasked, 4)
    assert.match(
      unasked.stdout,
      /nothing was changed.*何も変更していません.*\n {2}master-sync targets apply .* --yes/u,
    )
    const strict = await targets('apply', at('odd.yaml'), '--yes', '--strict')
    tells(strict, 3, 'LIST_REFUSED', `${at('odd.yaml')}:3:9`, `${at('odd.yaml')}:4:9`, 'もしかして AB-12?')
    assert.deepEqual(await table(), [])
  })

  it('apply takes a list over after a yes; only its own entries leave with it', async () => {
    await addTargets(orgs.app, orgs.master, ['0099'], '手で')
    const ended = await targets('apply', at('list.yaml'), '--yes', '--later')
    exits(ended, 0)
    assert.match(ended.stdout, /taken over \/ 取り込みました\n$/u)
    assert.deepEqual(await table(), [
      ['0099', '手で'],
      ['0123456', '本院'],
      ['AB-12', null],
    ])
    await write('list.yaml', 'sync_targets:\n  - id: 0123456\n    note: 分院\n')
    const { changed, removed, applied } = await applyTargets(orgs.app, orgs.master, at('list.yaml'), {
      strict: true,
      agreed: () => Promise.resolve(true),
    })
    assert.deepEqual([changed.rows, removed.rows, applied], [1, 1, true])
    assert.deepEqual(await table(), [
      ['0099', '手で'],
      ['0123456', '分院'],
    ])
    const same = await targets('apply', at('list.yaml'))
    exits(same, 0)
    assert.match(same.stdout, /nothing to change \/ 変更なし\n$/u)
  })

  it('a list that cannot be read exactly is refused with the place, and changes nothing', async () => {
    const before = await table()
    const broken = await write('broken.yaml', 'sync_targets:\n  - id: 0099\n  - name: x\n')
    tells(await targets('apply', broken, '--yes'), 3, 'LIST_INVALID', `${broken}:3:5`)
    const quoted = await write('broken.csv', 'id,note\n0099,"x\n')
    await assert.rejects(checkTargets(orgs.app, orgs.master, quoted), {
      code: 'LIST_INVALID',
      message: /broken\.csv:2:6/u,
    })
    const none = await targets('check', at('none.csv'), '--json')
    tells(none, 3, 'LIST_UNREADABLE', at('none.csv'))
    tells(await targets('check', 'ids.txt'), 3, 'LIST_URI_INVALID', 'ids.txt')
    assert.deepEqual(await table(), before)
  })

  it('export writes the list in any form, and each is read back the same', async () => {
    await addTargets(orgs.app, orgs.master, ['1e3'], '=SUM(A1), "引用"\n改行')
    const ended = await targets('export', at('out.csv'))
    exits(ended, 0)
    assert.equal(ended.stdout, `${at('out.csv')}: 3 ids written / 3 件を書き出しました\n`)
    for (const name of ['out.yaml', 'out.xlsx']) await exportTargets(orgs.app, orgs.master, at(name))
    for (const name of ['out.csv', 'out.yaml', 'out.xlsx']) {
      const { entries, added, problems } = await checkTargets(orgs.app, orgs.master, at(name))
      assert.deepEqual(
        [entries, added.sample.map(({ id, note }) => [id, note]), problems],
        [3, await table(), []],
        name,
      )
    }
  })

  it('export asks before it writes over a list of the master, or over what runs publish', async () => {
    const [support, held] = ['support.csv', 'held.csv'].map((name) => join(orgs.app.mastersFolder, name))
    await writeFile(support ?? '', 'id\n0099\n')
    const [list, published] = await Promise.all([
      targets('export', support ?? ''),
      targets('export', held ?? '', '--json'),
    ])
    exits(list, 4)
    assert.match(list.stderr, /is a list of the master[^]*現在の内容は失われ/u)
    assert.match(list.stdout, /nothing was written[^]*targets export \S+ --yes --master/u)
    assert.equal(await readFile(support ?? '', 'utf8'), 'id\n0099\n')
    exits(published, 4)
    assert.equal(jsonIn(published, RESULTS['targets export']).written, false)
    exits(await targets('export', held ?? '', '--yes'), 0)
    await Promise.all([support, held].map((path) => rm(path ?? '')))
  })

  it('export writes no list where it would be taken for the file of a master', async () => {
    const path = join(orgs.app.mastersFolder, 'x.yaml')
    tells(await targets('export', path), 3, 'LIST_AMONG_MASTERS', 'x.yaml')
    await assert.rejects(readFile(path), { code: 'ENOENT' })
  })

  it('history tells who changed what, from which list; of one id, or of all', async () => {
    const ended = await cli({ ...orgs.env, OPERATOR: 'hanako' }, 'targets', 'remove', '1e3', '--later')
    exits(ended, 0)
    const one = await targets('history', '0123456', '--json')
    exits(one, 0)
    assert.deepEqual(
      jsonIn(one, RESULTS['targets history']).changes.map(({ what, list }) => [what, list]),
      [
        ['changed', at('list.yaml')],
        ['added', at('list.yaml')],
      ],
    )
    const words = await targets('history')
    assert.doesNotMatch(words.stdout, /older/u)
    const [some, few] = await Promise.all([
      targets('history', '--limit', '2'),
      targets('history', '--limit', '2', '--json'),
    ])
    const { changes, more } = jsonIn(few, RESULTS['targets history'])
    assert.deepEqual([changes.length, more], [2, 5])
    assert.match(some.stdout, /^… 5 older; .*以前の変更があと 5 件.*--limit 7$/mu)
    assert.match(words.stdout, /^when +id +what .*\n.*\n\S+ \S+\+00:00 +1e3 +removed 削除 +table +hanako/u)
  })

  it('remove keeps an id that a list names, and says which', async () => {
    const ended = await targets('remove', '0123456', '--json')
    exits(ended, 0)
    const [kept] = jsonIn(ended, RESULTS['targets remove']).targets
    assert.deepEqual([kept?.result, kept?.lists], ['named_by_list', [at('list.yaml')]])
    const entries = await listed(orgs.app, orgs.master)
    assert.deepEqual(entries.find(({ id }) => id === '0123456')?.lists, [at('list.yaml')])
  })

  it('an id that a list of integers would rob of its zeros is refused with the statement that ends it', async () => {
    const ALTER = 'alter table public.targets alter column id type text;'
    const list = await write('zeros.csv', 'id\n77\n0123456\n')
    const run = (...args: readonly string[]): Promise<Ended> => cli(numbered.env, 'targets', ...args)
    const entries = () => texts(numbered.source, 'select id from targets')
    const [applied, added] = await Promise.all([run('apply', list, '--yes'), run('add', '0123456')])
    tells(applied, 3, 'ID_INVALID', `${list}:3:1 0123456`, ALTER)
    tells(added, 3, 'ID_INVALID', '0123456', ALTER)
    const large = await write('large.csv', 'id\n3000000000\n')
    const agreed = () => Promise.resolve(true)
    await assert.rejects(applyTargets(numbered.app, numbered.master, large, { strict: false, agreed }), {
      code: 'ID_INVALID',
    })
    assert.deepEqual(await entries(), [['77']])
    await numbered.source.query(ALTER)
    exits(await run('apply', list, '--yes', '--later'), 0)
    assert.deepEqual(await entries(), [['77'], ['0123456']])
    const gone = await removeTargets(numbered.app, numbered.master, ['77'])
    assert.equal(gone[0]?.result, 'named_by_list')
  })

  it('a list of texts beside a master of integers: an id with zeros is not the one without, which is told', async () => {
    const list = await write('texts.csv', 'id\n077\n5\n')
    const check = await applyTargets(texted.app, texted.master, list, {
      strict: false,
      agreed: () => Promise.resolve(true),
    })
    const odd = check.problems.map(({ id, line, did_you_mean }) => [id, line, did_you_mean])
    assert.deepEqual([odd, check.awaited.ids], [[['077', 2, '77']], ['5']])
    const [added] = await addTargets(texted.app, texted.master, ['0005'], null)
    assert.deepEqual([added?.in_source, added?.did_you_mean], [false, '5'])
  })

  it('check tells of ids that the source has as closed, and what took their place', async () => {
    await orgs.source.query(`alter table orgs add closed_on date, add successor_id text;
      update orgs set closed_on = '2026-09-30', successor_id = 'AB-12' where id = '0099'`)
    const path = await write('closed.csv', 'id\n0123456\n0099\n')
    const found = await checkTargets(orgs.app, orgs.master, path)
    const { problems } = found
    assert.match(
      renderReading(found),
      /! 1 closed 廃止\n +\S+:3:1 0099: closed, .*; successor \/ 後継: AB-12\n/u,
    )
    const added = await cli(orgs.env, 'targets', 'add', '0099', '--later')
    assert.match(added.stderr, /^ {2}! closed, says the source .*; successor \/ 後継: AB-12$/mu)
    exits(added, 0)
    assert.deepEqual(problems, [{ problem: 'closed', id: '0099', line: 3, column: 1, did_you_mean: 'AB-12' }])
    const meant = async (next: string) => {
      await orgs.source.query(
        `update orgs set closed_on = '2026-10-31', successor_id = '${next}' where id = 'AB-12'`,
      )
      return (await checkTargets(orgs.app, orgs.master, path)).problems.map((one) => one.did_you_mean)
    }
    assert.deepEqual(
      [await meant('0123456'), await meant('0099'), await meant('?')],
      [['0123456'], [null], [null]],
    )
    await orgs.source.query(`alter table orgs drop closed_on, drop successor_id`)
  })
})
