import assert from 'node:assert/strict'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'
import { Visitor } from '../support/visitor.js'

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

  for (const [language, row, words] of [
    [
      'ja',
      '33',
      { found: '1 件見つかりました', add: '札幌病院33 を追加', there: '✓ 1 件がクラウドにあります' },
    ],
    ['en', '34', { found: '1 found', add: 'Add 札幌病院34', there: '✓ 1 are in the cloud' }],
  ] as const)
    it(`finds a row while one types, adds it by keyboard alone, and shows it arrive in the cloud, in ${language}`, async () => {
      const page = await made.open({ language })
      await page.goto(made.at('targets'))
      await page.locator('input[type=search]:focus').waitFor()
      // At once, as an input method gives it.
      await page.keyboard.insertText(`さっぽろびょういん 区${row}-1`)
      await page.getByText(words.found).waitFor()
      await assertAccessible(page)
      const focused = () => page.evaluate("document.activeElement?.getAttribute('aria-label')")
      while ((await focused()) !== words.add) await page.keyboard.press('Tab')
      await page.keyboard.press('Enter')
      await page.getByText(words.there).waitFor({ timeout: 30_000 })
      await assertAccessible(page)
      const { rows } = await made.world.cloud.query('select name from orgs where id = $1', [`000${row}`])
      assert.deepEqual(rows, [{ name: `札幌病院${row}` }])
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

  it('answers a whole code with its row alone, and a part of it with all that have it', async () => {
    await made.world.source.query(`insert into orgs (id, name, name_search) values
      ('A12345', '本店', '本店'), ('B00001', 'もとa12345', 'もとa12345')`)
    const page = await made.open({ language: 'en', scripts: false })
    await page.goto(made.at('targets/search?q=Ａ12345'))
    await page.getByText('1 found').waitFor()
    await page.getByRole('button', { name: 'Add 本店' }).waitFor()
    await page.goto(made.at('targets/search?q=A1234'))
    await page.getByText('2 found').waitFor()
    await made.world.source.query(`delete from orgs where id in ('A12345', 'B00001')`)
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
    assert.deepEqual(rows, [{ id: '00033' }, { id: '00034' }])
  })

  it('takes the good ids of a pasted column of 500, and those that were meant by the damaged ones', async () => {
    const good = Array.from({ length: 480 }, (_, index) => String(index + 101).padStart(5, '0'))
    // The zeros lost, and digits lost.
    const damaged = [...Array.from({ length: 19 }, (_, index) => String(index + 10)), '1.2E+10']
    const looking = async (
      language: 'ja' | 'en',
      words: Readonly<Record<'open' | 'column' | 'look' | 'good', string>>,
    ) => {
      const page = await made.open({ language })
      await page.goto(made.at('targets'))
      await page.getByText(words.open).click()
      await page.getByLabel(words.column).fill([...good, ...damaged].join('\n'))
      await page.getByRole('button', { name: words.look }).click()
      await page.getByText(words.good).waitFor()
      assert.equal(await page.getByRole('checkbox', { checked: true }).count(), 19)
      await assertAccessible(page)
      return page
    }
    await looking('en', {
      open: 'Paste a column of a spreadsheet',
      column: 'A column of ids',
      look: 'Look at it',
      good: 'can be added: 480',
    })
    const page = await looking('ja', {
      open: '表計算ソフトの列を貼り付けて追加',
      column: 'コードの列',
      look: '内容を確認',
      good: '追加できます: 480',
    })
    const { rows: before } = await made.world.source.query('select from targets')
    assert.equal(before.length, 2)
    await page.getByRole('button', { name: '正しい 480 件と' }).click()
    await page.getByText('✓ 499 件がクラウドにあります').waitFor({ timeout: 60_000 })
  })

  for (const [language, note, words] of [
    [
      'en',
      '<script>',
      {
        open: 'Take over a file',
        file: 'The file of a list',
        look: 'See what it would change',
        closed: 'closed',
        take: 'Take it over',
        changed: 'The list has changed meanwhile',
        taken: 'The list is taken over',
      },
    ],
    [
      'ja',
      '<b>導入</b>',
      {
        open: 'ファイルから反映',
        file: 'リストのファイル',
        look: '変更内容を確認',
        closed: '廃止されています',
        take: 'この内容で反映',
        changed: 'その間にリストが変わりました',
        taken: 'リストに反映しました',
      },
    ],
  ] as const)
    it(`shows what a file would change, and changes just that, unless somebody else was quicker, in ${language}`, async () => {
      const buffer = Buffer.from(`id,note\n00001,${note}\n00007,\n12,\n`)
      const looking = async () => {
        const page = await made.open({ language })
        await page.goto(made.at('targets'))
        await page.getByText(words.open).click()
        await page.getByLabel(words.file).setInputFiles({ name: 'new.csv', mimeType: 'text/csv', buffer })
        await page.getByRole('button', { name: words.look }).click()
        await page.getByRole('cell', { name: words.closed, exact: true }).waitFor()
        return page
      }
      const [page, slower] = [await looking(), await looking()]
      await assertAccessible(page)
      await page.getByRole('button', { name: words.take }).click()
      await page.getByText(words.taken).waitFor()
      await slower.getByRole('button', { name: words.take }).click()
      await slower.getByText(words.changed).waitFor()
      const { rows } = await made.world.source.query(`select note from targets where id = '00001'`)
      assert.deepEqual(rows, [{ note }])
      const csv = await fetch(made.at('targets/download.csv'))
      assert.ok((await csv.text()).includes(`'00001,'${note}`))
    })

  it('shows all of the list page by page, in the order that is asked for, or the part of it that is', async () => {
    const visitor = new Visitor(made.console.url)
    const idsOf = async (query: string): Promise<readonly string[]> => {
      const page = await visitor.read(`/${made.world.name}/targets${query}`)
      const ids = [...page.matchAll(/name="id"\s+value="([^"]*)"/gu)].map(([, id = '']) => id)
      const next = /href="[^"?]*targets(\?[^"#]*behind=[^"]*)#list"/u.exec(page)?.[1]
      return next === undefined ? ids : [...ids, ...(await idsOf(next.replaceAll('&amp;', '&')))]
    }
    await made.world.source.query(`update targets set note = 'メモ' || right(id, 1) where id < '00300'`)
    for (const [sort, order] of [
      ['id', 'id'],
      ['id_down', 'id desc'],
      ['note', `coalesce(note, '') collate "C", id`],
      ['note_down', `coalesce(note, '') collate "C" desc, id desc`],
    ] as const) {
      const { rows } = await made.world.source.query<{ id: string }>(
        `select id from targets order by ${order}`,
      )
      assert.deepEqual(
        await idsOf(`?sort=${sort}`),
        rows.map(({ id }) => id),
      )
    }
    const { rows } = await made.world.source.query<{ id: string }>(
      `select id from targets where note like '%モ7%' order by id`,
    )
    assert.deepEqual(
      await idsOf(`?part=${encodeURIComponent('モ7')}`),
      rows.map(({ id }) => id),
    )
  })

  it('lists a row once that two people add, or take off, at the same time', async () => {
    const people = [new Visitor(made.console.url), new Visitor(made.console.url)]
    const path = `/${made.world.name}/targets`
    for (const [what, listed] of [
      ['add', 1],
      ['remove', 0],
    ] as const) {
      const answers = await Promise.all(
        people.map(async (one, n) =>
          one.send(`${path}/${what}`, { token: await one.token(path), one: '00600', note: `メモ${n}` }),
        ),
      )
      assert.deepEqual(
        answers.map(({ status }) => status),
        [303, 303],
      )
      for (const [index, answer] of answers.entries()) {
        const way = await people[index]?.ask(answer.headers.get('location') ?? '')
        assert.equal(way?.status, 200)
      }
      const { rows } = await made.world.source.query(`select from targets where id = '00600'`)
      assert.equal(rows.length, listed)
    }
  })

  for (const language of ['ja', 'en'] as const)
    it(`shows one row as both sides have it, with its history and nothing excluded, in ${language}`, async () => {
      await made.world.cloud.query(`update orgs set phone = '<i>' where id = '00033'`)
      const page = await made.open({ language })
      await page.goto(made.at('rows/00033'))
      await page.getByRole('cell', { name: '<i>' }).waitFor()
      // Syncs that the additions before have started may have put it right again, and stand above.
      await page
        .getByRole('link', { name: language === 'ja' ? /^実行 /u : /^Run /u })
        .last()
        .waitFor()
      assert.equal((await page.content()).includes('太郎'), false)
      await assertAccessible(page)
      await page.goto(made.at('targets'))
      await assertAccessible(page)
    })
})

describe('the search of a source in EUC_JP', () => {
  it('finds nothing for a code with a character that the source cannot hold', async () => {
    const made = await createConsoleWorld({
      encoding: 'EUC_JP',
      source: `create table orgs (id text primary key, name text); create table targets (id text primary key, note text);
        insert into orgs values ('A12345', '札幌病院')`,
    })
    try {
      const visitor = new Visitor(made.console.url)
      const search = (text: string) =>
        visitor.ask(`/${made.world.name}/targets/search?q=${encodeURIComponent(text)}`)
      for (const [text, has] of [
        ['A12345', true],
        ['🏥12345', false],
      ] as const) {
        const answer = await search(text)
        assert.equal(answer.status, 200, text)
        assert.equal((await answer.text()).includes('札幌病院'), has, text)
      }
    } finally {
      await made.close()
    }
  })
})
