import assert from 'node:assert/strict'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'
import { directRun } from '../support/direct-run.js'

const PAGES = [
  'targets',
  'targets?part=1',
  'targets/search?q=病院',
  'rows/001',
  'runs',
  'runs/1',
  'runs/2',
  'runs/1/undo',
  'runs/month',
  'decisions',
  'decisions/2/rows',
  'imports',
  'imports/replace?from=001&to=002',
  'health',
  'health/findings',
  'audit',
  'nothing-here',
]

describe('every page of the console', () => {
  let made: ConsoleWorld
  before(async () => {
    made = await createConsoleWorld({
      source: `create table orgs (id text primary key, name text, address text);
        create table targets (id text primary key, note text);
        insert into orgs select lpad(n::text, 3, '0'), '医療法人社団さくら会札幌中央病院附属クリニック' || n,
          '北海道札幌市中央区北一条西二丁目三番四号さくらビル五階' from generate_series(1, 40) n;
        insert into targets select id, 'とても長いメモ' || repeat('A', 60) from orgs`,
    })
    await directRun(made.world)()
    await made.world.source.query(`delete from targets where id > '010'`)
    const held = await directRun(made.world)()
    assert.equal(held.outcome, 'awaiting_approval')
  })
  after(() => made.close())

  for (const language of ['ja', 'en'] as const)
    it(`fits its window, wide and narrow, and keeps nobody out, with scripts and without, in ${language}`, async () => {
      const page = await made.open({ language })
      const still = await made.open({ language, scripts: false, wide: 390 })
      for (const path of PAGES) {
        await page.setViewportSize({ width: 1400, height: 900 })
        await page.goto(made.at(path))
        await assertAccessible(page)
        for (const width of [1400, 390]) {
          await page.setViewportSize({ width, height: 900 })
          const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
          assert.ok(Number(over) <= 0, `${path} is ${String(over)} px wider than ${width}`)
        }
        await still.goto(made.at(path))
        assert.equal(await still.locator('main h1').count(), 1, path)
      }
    })
})
