import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { directRun } from '../support/direct-run.js'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'

const WORDS = {
  ja: {
    start: '同期する',
    comparing: '比較中',
    completed: '完了',
    cancel: '中止する',
    cancelled: '取消',
    now: '最新の状態を見る',
    back: 'この実行を取り消す…',
    preview: '10 行を元に戻します',
    undo: '取り消す',
    undone: /の取り消し）$/u,
    hold: '停止中です。',
    why: /実行 \d+ を実行 \d+ が取り消しました/u,
    resume: '再開する',
    saved: /全件をコピーした実行 \d+（40 行/u,
    temporal: 'Temporal の画面で見る',
    plan: '計画だけ見る',
    planned: '反映すると動く行',
  },
  en: {
    start: 'Sync now',
    comparing: 'comparing',
    completed: 'completed',
    cancel: 'Cancel',
    cancelled: 'cancelled',
    now: 'See how it stands now',
    back: 'Take this run back…',
    preview: '10 rows would be taken back',
    undo: 'Take it back',
    undone: /\(undo of run \d+\)$/u,
    hold: 'On hold.',
    why: /run \d+ was undone by run \d+/u,
    resume: 'Resume',
    saved: /run \d+, which copied everything \(40 rows/u,
    temporal: 'See it in the Temporal Web UI',
    plan: 'Plan only',
    planned: 'What would move',
  },
} as const

describe('the pages of the runs', () => {
  let made: ConsoleWorld
  before(async () => {
    made = await createConsoleWorld(
      {
        source: `create table orgs (id text primary key, name text);
          create table targets (id text primary key, note text);
          insert into orgs select lpad(n::text, 3, '0'), '病院' || n from generate_series(1, 40) n;
          insert into targets select id from orgs`,
      },
      { TEMPORAL_UI_URL: 'http://127.0.0.1:8233/ui/' },
    )
    assert.equal((await directRun(made.world)()).outcome, 'completed')
    await made.world.work()
  })
  after(() => made.close())

  /** Keeps runs from reading the cloud table meanwhile. */
  async function whileLocked(work: () => Promise<void>): Promise<void> {
    const client = await made.world.cloud.connect()
    try {
      await client.query('begin; lock table orgs in access exclusive mode')
      await work()
    } finally {
      await client.query('rollback')
      client.release()
    }
  }

  const tag = (page: Page, text: string) => page.locator('dl.facts .tag', { hasText: text })

  /** Asks anew, as one does without scripts, until it is there. */
  async function askUntil(page: Page, link: string, there: () => Promise<boolean>): Promise<void> {
    while (!(await there())) await page.getByRole('link', { name: link }).click()
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`start a run, show where it stands and what it moved, in ${language}`, async () => {
      await made.world.source.query(`update orgs set name = name || '${language}' where id <= '010'`)
      const page = await made.open({ language })
      await page.goto(made.at('runs'))
      await assertAccessible(page)
      await whileLocked(async () => {
        await page.getByRole('button', { name: words.start }).click()
        await page.getByText(words.comparing).waitFor()
        await page.getByText('0 / 40').waitFor()
        await assertAccessible(page)
        assert.match(await page.locator('dl.facts').innerText(), /山田/u)
      })
      await tag(page, words.completed).waitFor()
      await page.getByText(words.saved).waitFor()
      await assertAccessible(page)
      assert.equal(await page.locator('.figure').innerText(), '10')
      const temporal = await page.getByRole('link', { name: words.temporal }).getAttribute('href')
      assert.match(
        temporal ?? '',
        /^http:\/\/127\.0\.0\.1:8233\/ui\/namespaces\/default\/workflows\/[^/]+\/[\w-]+$/u,
      )
    })

    it(`take a run back once it was shown what that means, and go on, in ${language}`, async () => {
      const page = await made.open({ language })
      await page.goto(made.at('runs'))
      await page.locator('tbody a').first().click()
      await page.getByRole('link', { name: words.back }).click()
      await page.getByText(words.preview).waitFor()
      await page.getByRole('cell', { name: new RegExp(`^病院1\\D*${language}$`, 'u') }).waitFor()
      await assertAccessible(page)
      await page.getByRole('button', { name: words.undo }).click()
      await page.getByRole('heading', { level: 1, name: words.undone }).waitFor()
      await tag(page, words.completed).waitFor()
      const { rows } = await made.world.cloud.query(`select from orgs where name like '%${language}'`)
      assert.equal(rows.length, 0)
      await page.goto(made.at('runs'))
      await page.getByText(words.why).waitFor()
      await assertAccessible(page)
      await page.getByRole('button', { name: words.resume }).click()
      await page.getByText(words.hold).waitFor({ state: 'detached' })
    })

    it(`plan, start and cancel without scripts, in ${language}`, async () => {
      const page = await made.open({ language, scripts: false })
      await page.goto(made.at('runs'))
      await page.getByRole('button', { name: words.plan }).click()
      const planned = page.getByRole('heading', { name: words.planned })
      await askUntil(page, words.now, () => planned.isVisible())
      await page.goto(made.at('runs'))
      await whileLocked(async () => {
        await page.getByRole('button', { name: words.start }).click()
        const cancel = page.getByRole('button', { name: words.cancel, exact: true })
        await askUntil(page, words.now, () => cancel.isVisible())
        await cancel.click()
      })
      await askUntil(page, words.now, () => tag(page, words.cancelled).isVisible())
      assert.equal(
        (await made.world.cloud.query(`select from orgs where name like '%${language}'`)).rows.length,
        0,
      )
    })
  }
})
