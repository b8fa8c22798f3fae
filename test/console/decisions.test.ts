import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { directRun, type DirectRun } from '../support/direct-run.js'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { PASSWORD, writeUsers } from '../support/users.js'

const WORDS = {
  ja: {
    waits: /同期が承認を待っています（10 行）/u,
    guard: '追跡中の 40 行の 5 % を超過',
    gone: '行がなくなります',
    all: '保留した行をすべて見る',
    approve: '承認する',
    reject: '却下する',
    told: /すでに.*始めていました|決定できませんでした/u,
    completed: '完了',
    rejected: '却下',
    nothing: '決定できませんでした',
    conflicts: '競合 3 件（未決定 3 件）',
    cloud: '病院1 電話: クラウドを採る',
    source: '病院1 電話: 元マスタを採る',
    another: '別の値にする',
    value: '病院2 電話 の値',
    take: 'この値にする',
    tick: '病院3 電話 を選択',
    sourceForAll: '元マスタを採る',
    decided: '1 件を決定しました',
    faster: '1 件は、その間に別の人が決定したか',
    apply: 'すぐに反映する',
    now: '最新の状態を見る',
    failure: /元マスタの表 public\.orgs がありません/u,
    equal: '照合で一致',
  },
  en: {
    waits: /\(sync\) waits for approval: 10 rows/u,
    guard: 'more than 5 % of the 40 rows tracked',
    gone: 'the row goes as a whole',
    all: 'All rows that are held',
    approve: 'Approve',
    reject: 'Reject',
    told: /It was started already|Nothing was decided/u,
    completed: 'completed',
    rejected: 'rejected',
    nothing: 'Nothing was decided',
    conflicts: 'Conflicts: 3, of which 3 undecided',
    cloud: '病院1 Telephone: take cloud',
    source: '病院1 Telephone: take on-prem',
    another: 'Another value',
    value: 'Value of 病院2 Telephone',
    take: 'Take this',
    tick: 'Choose 病院3 Telephone',
    sourceForAll: 'Take on-prem',
    decided: '1 decided',
    faster: '1 was decided by somebody else meanwhile',
    apply: 'Apply now',
    now: 'See how it stands now',
    failure: /public\.orgs does not exist/u,
    equal: 'Proven equal',
  },
} as const

describe('the pages of what waits for somebody', () => {
  let made: ConsoleWorld
  let folder: TempDir
  let run: DirectRun
  before(async () => {
    folder = await tempDir()
    const users = join(folder.path, 'users.yaml')
    await writeUsers(users, { sato: 'approver', suzuki: 'approver' })
    made = await createConsoleWorld(
      {
        master: { columns: { phone: 'keep_edits' } },
        source: `create table orgs (id text primary key, name text, phone text);
          create table targets (id text primary key, note text);
          insert into orgs select lpad(n::text, 3, '0'), '病院' || n, '03-' || n from generate_series(1, 40) n;
          insert into targets select id from orgs`,
      },
      { CONSOLE_USERS: users },
    )
    run = directRun(made.world)
    assert.equal((await run()).outcome, 'completed')
    await made.world.cloud.query(`alter table orgs add check (name <> 'refused')`)
    await made.world.work()
  })
  after(async () => {
    await made.close()
    await folder.remove()
  })

  type Language = keyof typeof WORDS

  /** The decisions, as somebody who has signed in sees them. */
  async function seenBy(name: string, language: Language, scripts = true): Promise<Page> {
    const page = await made.open({ language, scripts })
    await page.goto(made.at('decisions'))
    await page.locator('#name').fill(name)
    await page.locator('#password').fill(PASSWORD)
    await page.locator('main button').click()
    await page.locator('#conflicts').waitFor()
    return page
  }

  const tag = (page: Page, text: string) => page.locator('dl.facts .tag', { hasText: text })

  async function decide(page: Page, name: string, reason: string): Promise<void> {
    await page.locator('[name=reason]').fill(reason)
    await page.getByRole('button', { name, exact: true }).click()
  }

  /** Takes ten rows off the list, which is more than a run may remove by itself. */
  async function holdTen(): Promise<number> {
    await made.world.source.query(`delete from targets where id > '030'`)
    const { run: number, outcome } = await run()
    assert.equal(outcome, 'awaiting_approval')
    return number
  }

  async function listAgain(): Promise<void> {
    await made.world.source.query('insert into targets select id from orgs on conflict do nothing')
    await run({ approve: true })
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`show what a large removal would do; of two who approve it at once one does, the other is told, in ${language}`, async () => {
      const held = await holdTen()
      const [one, other] = await Promise.all([seenBy('sato', language), seenBy('suzuki', language)])
      await one.getByText(words.waits).waitFor()
      await one.getByText(words.guard).waitFor()
      await one.getByText(words.gone).first().waitFor()
      await assertAccessible(one)
      await one.getByRole('link', { name: words.all }).click()
      assert.equal(await one.locator('tbody tr').count(), 10)
      await assertAccessible(one)
      await one.goBack()
      await Promise.all([
        decide(one, words.approve, 'moved away'),
        decide(other, words.approve, 'moved away'),
      ])
      const ended = (page: Page) => tag(page, words.completed).or(page.getByText(words.nothing))
      await Promise.all([ended(one).first().waitFor(), ended(other).first().waitFor()])
      const told = await Promise.all(
        [one, other].map((page) => page.getByText(words.told).first().isVisible()),
      )
      assert.deepEqual([...told].sort(), [false, true])
      const { rows } = await made.world.cloud.query<{ decided_by: string; reason: string }>(
        `select decided_by, reason from master_sync.questions where run = ${held}`,
      )
      assert.deepEqual(rows, [{ decided_by: told[0] === true ? 'suzuki' : 'sato', reason: 'moved away' }])
      assert.equal((await made.world.cloud.query('select from orgs')).rows.length, 30)
      await listAgain()
    })

    it(`keep what was rejected, say who did and why, and tell whoever comes late, in ${language}`, async () => {
      await holdTen()
      const late = await seenBy('sato', language)
      const first = await seenBy('suzuki', language, false)
      await decide(first, words.reject, `the list is wrong <${language}>`)
      await tag(first, words.rejected).waitFor()
      await first.getByText(`the list is wrong <${language}>`).waitFor()
      await decide(late, words.approve, 'looks good')
      await late.getByRole('heading', { name: words.nothing }).waitFor()
      assert.match(await late.locator('.error').innerText(), /suzuki/u)
      await assertAccessible(late)
      assert.equal((await made.world.cloud.query('select from orgs')).rows.length, 40)
      await listAgain()
    })

    it(`resolve conflicts side by side, one by one and together, with nothing decided twice, in ${language}`, async () => {
      const { source, cloud } = made.world
      await cloud.query(`update orgs set phone = 'mine-${language}' where id <= '003'`)
      await source.query(`update orgs set phone = 'theirs-${language}' where id <= '003'`)
      await source.query(`update orgs set name = 'refused' where id = '005'`)
      assert.equal((await run()).rows.conflicts, 3)
      const page = await seenBy('sato', language, language === 'ja')
      const late = await seenBy('suzuki', language)
      await page.getByText(words.conflicts).waitFor()
      await page.getByText('23514').waitFor()
      await assertAccessible(late)
      const cells = await page.locator('#conflicts ~ .table tbody tr').first().locator('td').allInnerTexts()
      assert.deepEqual(cells.slice(4, 6), [`theirs-${language}`, `mine-${language}`])
      await page.getByRole('button', { name: words.cloud }).click()
      await page.getByText(words.decided).waitFor()
      await late.getByRole('button', { name: words.source }).click()
      await late.getByText(words.faster).waitFor()
      await page.getByText(words.another).nth(1).click()
      await page.getByLabel(words.value).fill('045-1')
      await page.getByLabel(words.value).press('Enter')
      await page.getByText(words.decided).waitFor()
      await page.getByLabel(words.tick).check()
      await page.getByRole('button', { name: words.sourceForAll, exact: true }).last().click()
      await page.getByText(words.decided).waitFor()
      await page.getByRole('button', { name: words.apply }).click()
      const ended = page.locator('dl.facts .tag.good, dl.facts .tag.warn').first()
      if (language === 'ja') await ended.waitFor()
      else while (!(await ended.isVisible())) await page.getByRole('link', { name: words.now }).click()
      const { rows } = await cloud.query<{ phone: string }>(
        `select phone from orgs where id <= '003' order by id`,
      )
      assert.deepEqual(
        rows.map(({ phone }) => phone),
        [`mine-${language}`, '045-1', `theirs-${language}`],
      )
      await source.query(`update orgs set name = '病院5' where id = '005'`)
    })
  }

  for (const language of ['ja', 'en'] as const) {
    const words = WORDS[language]

    it(`tell of a month what changed, what was held and who decided, what failed and what was proven, in ${language}`, async () => {
      await made.world.source.query('alter table orgs rename to away')
      assert.equal((await run()).outcome, 'failed')
      await made.world.source.query('alter table away rename to orgs')
      const page = await seenBy('sato', language)
      await page.emulateMedia({ media: 'print' })
      // What an A4 page has between its margins.
      await page.setViewportSize({ width: 720, height: 900 })
      await page.goto(made.at('runs/month'))
      await page.getByText(words.failure).first().waitFor()
      await page.getByRole('cell', { name: `the list is wrong <${language}>` }).waitFor()
      assert.equal((await page.getByRole('cell', { name: 'suzuki', exact: true }).count()) > 1, true)
      await page.getByText(words.equal).waitFor()
      await assertAccessible(page)
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 720)
    })
  }
})
