import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { SyncError } from '../../core/errors.js'
import { parseMasterFile } from '../../core/master-file.js'

const LEAST = `master: orgs
source:
  table: public.orgs
  key: [id]
targets: { table: public.targets }
cloud: { table: app.orgs }
`

/** The problems of a file, a line each. */
function problems(text: string): readonly string[] {
  try {
    parseMasterFile('orgs.yaml', text)
  } catch (error) {
    assert.ok(error instanceof SyncError)
    assert.equal(error.code, 'MASTER_FILE_INVALID')
    return error.message.split('\n')
  }
  return []
}

describe("a master's file", () => {
  it('needs four things; the rest has the documented defaults', () => {
    assert.deepEqual(parseMasterFile('orgs.yaml', LEAST), {
      master: 'orgs',
      default: false,
      source: { table: 'public.orgs', key: ['id'], exclude: [], database: 'SOURCE_DATABASE_URL' },
      targets: { table: 'public.targets', lists: [], publish: [], notes: false },
      cloud: { table: 'app.orgs', database: 'CLOUD_DATABASE_URL' },
      columns: {},
      removals: { untargeted: 'delete', gone: 'mark' },
      guards: {
        inserts: { percent: 100 },
        updates: { percent: 50 },
        removals: { rows: 100, percent: 5 },
        rejects: { percent: 1 },
        approval_within: '7d',
        approval_by_another: false,
      },
      history: { keep: '400d' },
    })
  })

  it('keeps the other defaults where one is set, and a limit as it stands', () => {
    const master = parseMasterFile(
      'orgs.yaml',
      `${LEAST}removals: { gone: delete }\nguards: { removals: { rows: 3 } }\nschedule: { cron: "0 3 * * *" }`,
    )
    assert.deepEqual(master.removals, { untargeted: 'delete', gone: 'delete' })
    assert.deepEqual(master.guards.removals, { rows: 3 })
    assert.deepEqual(master.guards.updates, { percent: 50 })
    assert.deepEqual(master.schedule, { cron: '0 3 * * *', timezone: 'Asia/Tokyo' })
  })

  it('may use anchors', () => {
    const master = parseMasterFile(
      'orgs.yaml',
      `${LEAST}guards: { updates: &all { percent: 100 }, removals: *all }`,
    )
    assert.deepEqual(master.guards.removals, { percent: 100 })
  })

  for (const [what, text, place, message] of [
    ['a span of time that is none', `${LEAST}history: { keep: 7 days }`, '7:18', /7d, 12h or 30m/u],
    [
      'a lock that the source decides',
      `${LEAST}columns: { a: overwrite }\nlock: a`,
      '8:7',
      /of the cloud alone/u,
    ],
    ['a syntax error', `${LEAST}columns: { a: overwrite`, '7:24', /Flow map/u],
    ['a missing quote', `${LEAST}title: "orgs\n`, '8:1', /Missing closing/u],
    ['a tab as indentation', `\t${LEAST}`, '1:1', /Tabs/u],
    ['a key that stands twice', `${LEAST}master: other`, '7:1', /Map keys must be unique/u],
    ['a second document', `${LEAST}---\n${LEAST}`, '7:1', /multiple documents/u],
    ['a tag', `${LEAST}title: !!js/function "x"`, '7:8', /Unresolved tag/u],
    ['an alias of nothing', `${LEAST}title: *name`, '7:8', /Unresolved alias.*name/u],
    ['an empty file', '', '1:1', /expected object/u],
    ['a list', '- orgs', '1:1', /expected object/u],
    ['an unknown key', `${LEAST}shcedule: { cron: "0 3 * * *" }`, '7:1', /^shcedule: unknown key/u],
    [
      'an unknown key further in',
      LEAST.replace('[id]', '[id]\n  keys: 1'),
      '5:3',
      /^source\.keys: unknown key/u,
    ],
    ['something missing', LEAST.replace('  key: [id]\n', ''), '3:3', /^source\.key: is missing/u],
    ['something left empty', `${LEAST}schedule:\n`, '7:10', /^schedule: .*object/u],
    ['a wrong type', LEAST.replace('orgs\n', '12\n'), '1:9', /^master: .*string/u],
    ['a text for a list', LEAST.replace('[id]', 'id'), '4:8', /^source\.key: .*array/u],
    ['a number for a column', LEAST.replace('[id]', '[id, 7]'), '4:13', /^source\.key\.1: .*string/u],
    ['an empty key', LEAST.replace('[id]', '[]'), '4:8', /^source\.key: /u],
    [
      'a column twice in the key',
      LEAST.replace('[id]', '[id, id]'),
      '4:13',
      /^source\.key\.1: id stands twice/u,
    ],
    ['a bad name', LEAST.replace('orgs\n', 'Orgs-2\n'), '1:9', /^master: must be 1 to 40/u],
    ['a bad table name', LEAST.replace('app.orgs', 'a.b.c'), '6:17', /^cloud\.table: must be a table name/u],
    [
      'a URL for a variable',
      `${LEAST.trimEnd().slice(0, -1)}, database: "postgres://u:p@h/d" }`,
      '6:38',
      /variable/u,
    ],
    ['an unknown policy', `${LEAST}columns: { phone: keep }`, '7:19', /^columns\.phone: .*"overwrite"/u],
    [
      'a policy of a key column',
      `${LEAST}columns: { id: overwrite }`,
      '7:16',
      /^columns\.id: .*part of the key/u,
    ],
    ['an excluded key column', LEAST.replace('[id]', '[id]\n  exclude: [id]'), '5:13', /cannot be excluded/u],
    ['a limit without a number', `${LEAST}guards: { removals: {} }`, '7:21', /needs rows, percent or both/u],
    [
      'more than 100 %',
      `${LEAST}guards: { removals: { percent: 101 } }`,
      '7:32',
      /^guards\.removals\.percent: /u,
    ],
    ['half a row', `${LEAST}guards: { removals: { rows: 1.5 } }`, '7:29', /^guards\.removals\.rows: .*int/u],
    ['a cron line of four fields', `${LEAST}schedule: { cron: "0 3 * *" }`, '7:19', /five fields/u],
    [
      'a cron line out of range',
      `${LEAST}schedule: { cron: "99 3 * * *" }`,
      '7:19',
      /^schedule\.cron: .*minute.*99/u,
    ],
    [
      'times of imports that name no place to fetch from',
      `${LEAST}import: { schedule: { cron: "0 3 10 * *" } }`,
      '7:21',
      /^import\.schedule: needs from/u,
    ],
    [
      'an unknown time zone',
      `${LEAST}schedule: { cron: "0 3 * * *", timezone: Asia/Tokio }`,
      '7:42',
      /IANA time zone/u,
    ],
  ] as const) {
    it(`tells of ${what} and where it stands`, () => {
      const [first, ...others] = problems(text)
      assert.deepEqual(others, [])
      const at = `orgs.yaml:${place} `
      assert.ok(first?.startsWith(at), `${at} is not the place in: ${first ?? 'no problem'}`)
      assert.match(first?.slice(at.length) ?? '', message)
    })
  }

  it('takes the cron lines that cron takes, and no others', () => {
    const cron = (line: string): readonly string[] => problems(`${LEAST}schedule: { cron: "${line}" }`)
    for (const line of [
      '*/5 8-18 * * mon-fri',
      '0 0 1,15 * *',
      '0-30/10 3 * JAN 7',
      '59 23 31 12 SUN',
      '5/15 * * * 0',
    ])
      assert.deepEqual(cron(line), [], line)
    for (const line of [
      '60 3 * * *',
      '0 24 * * *',
      '0 3 0 * *',
      '0 3 32 * *',
      '0 3 * 13 *',
      '0 3 * * 8',
      '0 3 * * *  *',
    ])
      assert.equal(cron(line).length, 1, line)
    for (const line of [
      '0 3 * * funday',
      '30-10 * * * *',
      '*/0 * * * *',
      '1, * * * *',
      '@daily',
      '0 3 * * 1-',
      '0 -3 * * *',
    ])
      assert.equal(cron(line).length, 1, line)
  })

  it('tells all problems of a file together', () => {
    const places = problems(`${LEAST.replace('[id]', 'id')}colums: {}\nguards: { updates: 5 }\nmore: 1`)
    assert.deepEqual(
      places.map((line) => line.split(' ')[0]),
      ['orgs.yaml:4:8', 'orgs.yaml:7:1', 'orgs.yaml:8:20', 'orgs.yaml:9:1'],
    )
  })

  it('refuses aliases that multiply', () => {
    const levels = ['a: &a [x, x, x, x, x, x, x, x, x]']
    for (const [index, name] of ['b', 'c', 'd', 'e', 'f', 'g', 'h'].entries()) {
      const under = `*${'abcdefgh'.charAt(index)}`
      levels.push(`${name}: &${name} [${Array.from({ length: 9 }, () => under).join(', ')}]`)
    }
    const began = performance.now()
    assert.match(problems(LEAST + levels.join('\n')).join('\n'), /^orgs\.yaml:1:1 .*alias/iu)
    assert.ok(performance.now() - began < 1_000)
  })

  it('names its schema in its first line, for editors', () => {
    const text = readFileSync(new URL('../../masters/medical-orgs.yaml', import.meta.url), 'utf8')
    assert.match(text, /^# yaml-language-server: \$schema=\.\/master\.schema\.json\n/u)
    assert.equal(parseMasterFile('medical-orgs.yaml', text).master, 'medical_orgs')
  })
})
