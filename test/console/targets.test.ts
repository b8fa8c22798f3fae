import assert from 'node:assert/strict'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'

describe('the page of the target list', () => {
  let made: ConsoleWorld
  before(async () => {
    made = await createConsoleWorld({
      source: `create table orgs (id text primary key, name text);
        insert into orgs select lpad(n::text, 3, '0'), '札幌病院' || n from generate_series(1, 40) n;`,
    })
    await made.world.source.query(`insert into targets (id, note) values ('001', '<b>導入予定</b>')`)
  })
  after(() => made.close())

  for (const language of ['ja', 'en'] as const) {
    it(`shows what is listed, and keeps nobody out, in ${language}`, async () => {
      const page = await made.open({ language })
      await page.goto(made.at('targets'))
      assert.equal(await page.getByRole('cell', { name: '<b>導入予定</b>' }).count(), 1)
      await assertAccessible(page)
    })
  }
})
