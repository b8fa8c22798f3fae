import assert from 'node:assert/strict'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'

describe('the page of the target list', () => {
  let made: ConsoleWorld
  before(async () => {
    made = await createConsoleWorld({
      master: { source: { exclude: ['founder_name'] } },
      source: `create table orgs (id text primary key, name text, name_kana text, address text, phone text,
          prefecture_code text, institution_type smallint, founder_name text, closed_on date, successor_id text,
          name_search text, kana_search text, address_search text);
        insert into orgs select lpad(n::text, 5, '0'), '札幌病院' || n, 'サッポロビョウイン', '北海道札幌市中央区' || n || '-1', '011-' || n,
          '01', 1, '開設 太郎', null, null, '札幌病院' || n, 'サッポロビョウイン', '北海道札幌市中央区' || n || '-1'
          from generate_series(1, 600) n;
        update orgs set closed_on = '2026-10-01', successor_id = '00008' where id = '00007';
        update orgs set name = '<script>alert(1)</script>', name_search = '<script>alert(1)</script>' where id = '00009'`,
    })
    await made.world.sync()
  })
  after(() => made.close())

  it('finds a row while one types, adds it by keyboard alone, and shows it arrive in the cloud', async () => {
    const page = await made.open()
    await page.goto(made.at('targets'))
    await page.keyboard.type('さっぽろびょういん 区33-1')
    await page.getByText('1 件見つかりました').waitFor()
    await assertAccessible(page)
    const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label')")
    while ((await focused()) !== '札幌病院33 を追加') await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('✓ 1 件がクラウドにあります').waitFor({ timeout: 30_000 })
    await assertAccessible(page)
    const { rows } = await made.world.cloud.query('select name from orgs')
    assert.deepEqual(rows, [{ name: '札幌病院33' }])
  })

  it('says which of the same name has closed and what took its place, and nothing of excluded columns', async () => {
    const page = await made.open({ language: 'en', scripts: false })
    await page.goto(made.at('targets'))
    await page.getByLabel('Part of a name').fill('00007')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.getByText('Closed on 2026-10-01').waitFor()
    assert.equal(await page.getByRole('link', { name: '00008' }).count(), 1)
    assert.equal((await page.content()).includes('太郎'), false)
  })

  it('keeps scripts in names and notes as text, without scripts of its own, and takes rows off again', async () => {
    const page = await made.open({ language: 'en', scripts: false })
    await page.goto(made.at('targets/search?q=00009'))
    await page.getByLabel('Note, for').fill('<script>alert(2)</script>')
    await page.getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Add those chosen' }).click()
    await page.getByText('1 put on the list').waitFor()
    await page.goto(made.at('targets?part=alert(2)'))
    await page.getByText('<script>alert(2)</script>').waitFor()
    await page.getByRole('button', { name: 'Remove <script>alert(1)</script>' }).click()
    await page.getByText('1 taken off the list').waitFor()
    const { rows } = await made.world.source.query('select id from targets order by id')
    assert.deepEqual(rows, [{ id: '00033' }])
  })

  it('takes the good ids of a pasted column of 500, and those that were meant by the damaged ones', async () => {
    const page = await made.open()
    await page.goto(made.at('targets'))
    const good = Array.from({ length: 480 }, (_, index) => String(index + 101).padStart(5, '0'))
    // The zeros lost, and digits lost.
    const damaged = [...Array.from({ length: 19 }, (_, index) => String(index + 10)), '1.2E+10']
    await page.getByText('表計算ソフトの列を貼り付けて追加').click()
    await page.getByLabel('コードの列').fill([...good, ...damaged].join('\n'))
    await page.getByRole('button', { name: '内容を確認' }).click()
    await page.getByText('追加できます: 480').waitFor()
    assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 19)
    await assertAccessible(page)
    const { rows: before } = await made.world.source.query('select from targets')
    assert.equal(before.length, 1)
    await page.getByRole('button', { name: '正しい 480 件と' }).click()
    await page.getByText('✓ 499 件がクラウドにあります').waitFor({ timeout: 60_000 })
  })

  it('shows what a file would change, and changes it when that is wanted', async () => {
    const page = await made.open({ language: 'en' })
    await page.goto(made.at('targets'))
    await page.getByText('Take over a file').click()
    const buffer = Buffer.from('id,note\n00001,<script>\n00007,\n12,\n')
    await page
      .getByLabel('The file of a list')
      .setInputFiles({ name: 'new.csv', mimeType: 'text/csv', buffer })
    await page.getByRole('button', { name: 'See what it would change' }).click()
    await page.getByRole('cell', { name: 'closed', exact: true }).waitFor()
    await assertAccessible(page)
    await page.getByRole('button', { name: 'Take it over' }).click()
    await page.getByText('The list is taken over').waitFor()
    const { rows } = await made.world.source.query(`select note from targets where id = '00001'`)
    assert.deepEqual(rows, [{ note: '<script>' }])
    const csv = await fetch(made.at('targets/download.csv'))
    assert.match(await csv.text(), /'00001,'<script>/u)
  })

  for (const language of ['ja', 'en'] as const)
    it(`shows one row as both sides have it, with its history and nothing excluded, in ${language}`, async () => {
      await made.world.cloud.query(`update orgs set phone = '<i>' where id = '00033'`)
      const page = await made.open({ language })
      await page.goto(made.at('rows/00033'))
      await page.getByRole('cell', { name: '<i>' }).waitFor()
      await page.getByRole('link', { name: language === 'ja' ? /^実行 /u : /^Run /u }).waitFor()
      assert.equal((await page.content()).includes('太郎'), false)
      await assertAccessible(page)
      await page.goto(made.at('targets'))
      await assertAccessible(page)
    })
})
