import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { applySchedules } from '../../operations/schedules.js'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'
import { directImport } from '../support/direct-import.js'
import { directRun } from '../support/direct-run.js'
import { Visitor } from '../support/visitor.js'

const IKA = 'kouseikyoku-ika'
const line = (code: number, n: number): string => `01200${code},200${code},第${n}医院,0600001,本町${n}番\n`

/** The list of a bureau with so many institutions; the first has moved to another code where `anew`. */
const list = (count: number, anew = false): string =>
  Array.from({ length: count }, (_, n) => line(anew && n === 0 ? 9000 : 1000 + n, n)).join('')

const WORDS = {
  ja: {
    files: 'ファイル',
    how: '読み取り方の指定',
    look: '内容を確かめる',
    take: 'この内容で取り込む',
    completed: '完了',
    replace: '置き換え…',
    sure: '置き換える',
    there: '✓ 1 件がクラウドにあります',
  },
  en: {
    files: 'Files',
    how: 'How they are read',
    look: 'Look first',
    take: 'Import this',
    completed: 'completed',
    replace: 'Replace…',
    sure: 'Replace',
    there: '✓ 1 are in the cloud',
  },
} as const
type Words = (typeof WORDS)['ja' | 'en']

/** Where scripts run: axe is one. */
async function accessible(page: Page, scripts = true): Promise<void> {
  if (scripts) await assertAccessible(page)
}

describe('the pages of imports and of health', () => {
  let made: ConsoleWorld
  before(async () => {
    made = await createConsoleWorld({
      source: '',
      withMaster: true,
      master: {
        source: { table: 'public.master_medical_orgs', key: ['medical_id'] },
        cloud: { table: 'public.master_medical_orgs' },
        schedule: { cron: '0 3 * * *', timezone: 'Asia/Tokyo' },
      },
    })
    const { world } = made
    const path = join(world.app.mastersFolder, '..', 'list_202601.csv')
    await writeFile(path, list(60))
    const first = await directImport(world)({ files: [path], reading: { feed: IKA } })
    assert.equal(first.failure, null)
    await world.source.query('insert into targets select medical_id from master_medical_orgs')
    assert.equal((await directRun(world)()).equal, true)
    await world.work()
  })
  after(() => made.close())

  async function look(page: Page, words: Words, name: string, text: string): Promise<void> {
    page.setDefaultTimeout(8000)
    await page.goto(made.at('imports'))
    await page
      .getByLabel(words.files, { exact: true })
      .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) })
    await page.getByText(words.how).click()
    await page.getByRole('combobox').selectOption(IKA)
    await page.getByRole('button', { name: words.look }).click()
  }

  const openRows = async (): Promise<number> =>
    (await made.world.source.query('select from master_medical_orgs where closed_on is null')).rows.length

  for (const [language, scripts, month] of [
    ['ja', true, '202602'],
    ['en', false, '202603'],
  ] as const)
    it(`shows what files would change, takes just that over, and lets a closed one be replaced on the list, in ${language}${scripts ? '' : ' without scripts'}`, async () => {
      const words = WORDS[language]
      const { source } = made.world
      const page = await made.open({ language, scripts })
      const { rows: former } = await source.query<{ medical_id: string }>(
        `select medical_id from master_medical_orgs where name = '第0医院' and closed_on is null`,
      )
      await look(page, words, `一覧<b>_${month}.csv`, list(60, scripts))
      await page.getByText(`一覧<b>_${month}.csv`).first().waitFor()
      await accessible(page, scripts)
      const { rows: before } = await source.query(`select from master_medical_orgs where closed_on is null`)
      assert.equal(before.length, 60)
      const closed = async () =>
        (await source.query(`select from master_medical_orgs where closed_on is not null`)).rows.length
      assert.equal(await closed(), scripts ? 0 : 1)
      await page.getByRole('button', { name: words.take }).click()
      const ended = page.locator('dl.facts .tag', { hasText: words.completed })
      while (!scripts && (await ended.count()) === 0)
        await page.getByRole('link', { name: /See how/u }).click()
      await ended.waitFor({ timeout: 30_000 })
      await accessible(page, scripts)
      assert.equal(await closed(), 1)

      await page.goto(made.at('imports'))
      await accessible(page, scripts)
      await page.getByRole('link', { name: words.replace }).click()
      await accessible(page, scripts)
      await page.getByRole('button', { name: words.sure, exact: true }).click()
      const there = page.getByText(words.there)
      while (!scripts && (await there.count()) === 0) await page.reload()
      await there.waitFor({ timeout: 30_000 })
      const ids = async (): Promise<readonly string[]> => {
        const { rows } = await source.query<{ medical_id: string }>(
          `select medical_id from targets join master_medical_orgs using (medical_id) where name = '第0医院'`,
        )
        return rows.map(({ medical_id: id }) => id)
      }
      // The old id leaves with the run that has brought the new one.
      while ((await ids()).length !== 1) await page.reload()
      assert.notDeepEqual(await ids(), [former[0]?.medical_id])
    })

  it('asks before much is closed, and does it once somebody has approved', async () => {
    const page = await made.open()
    const before = await openRows()
    await look(page, WORDS.ja, 'list_202604.csv', list(50))
    await page.getByText('承認待ちになります').waitFor()
    await page.getByRole('button', { name: WORDS.ja.take }).click()
    await page.locator('dl.facts .tag', { hasText: '承認待ち' }).waitFor({ timeout: 30_000 })
    assert.equal(await openRows(), before)
    await page.goto(made.at('imports'))
    await page.getByRole('link', { name: '判断へ' }).click()
    await page.locator('[name=reason]').fill('公表元に確認済み')
    await page.getByRole('button', { name: '承認する', exact: true }).click()
    await page.locator('dl.facts .tag', { hasText: '完了' }).waitFor({ timeout: 30_000 })
    assert.ok((await openRows()) < before)
  })

  it('tells in words of a file that is no list, of none, and of one that is not kept any more', async () => {
    const page = await made.open({ scripts: false })
    await look(page, WORDS.ja, '議事録_202605.csv', '<script>alert(1)</script>\n"')
    await page.locator('.error, .warning').first().waitFor()
    const visitor = new Visitor(made.console.url)
    const imports = `/${made.world.name}/imports`
    const token = await visitor.token(imports)
    const send = (name: string | undefined, text = ''): Promise<Response> => {
      const form = new FormData()
      form.set('token', token)
      form.set('mode', 'plan')
      form.set('feed', IKA)
      if (name !== undefined) form.set('files', new Blob([text]), name)
      return visitor.ask(imports, { method: 'POST', body: form })
    }
    const none = await send(undefined)
    assert.deepEqual([none.status, /Choose a file/u.test(await none.text())], [400, true])
    const odd = await (await send('../../../<i>\u202e_202606.csv', list(60))).text()
    assert.ok(odd.includes('.._.._.._&lt;i&gt;__202606.csv') || odd.includes('&lt;i&gt;__202606.csv'))
    assert.equal(odd.includes('<i>'), false)
    const upload = /name="upload" value="([^"]+)"/u.exec(odd)?.[1] ?? ''
    assert.notEqual(upload, '')
    const other = new Visitor(made.console.url)
    const stolen = await other.send(`${imports}/apply`, { token: await other.token(imports), upload })
    assert.deepEqual([stolen.status, /not kept any more/u.test(await stolen.text())], [400, true])
  })

  for (const [language, words] of [
    [
      'ja',
      {
        absent: '未登録',
        active: '動作中',
        paused: '一時停止中',
        pause: '一時停止',
        resume: '再開',
        findings: '診断を実行',
      },
    ],
    [
      'en',
      {
        absent: 'not applied',
        active: 'active',
        paused: 'paused',
        pause: 'Pause',
        resume: 'Resume',
        findings: 'Examine everything',
      },
    ],
  ] as const)
    it(`shows what starts by itself, how old everything is, and what is to be mended, in ${language}`, async () => {
      const page = await made.open({ language, scripts: language === 'ja' })
      await page.goto(made.at('health'))
      const card = page.locator('.card .tag')
      if (language === 'ja') {
        await card.getByText(words.absent).waitFor()
        await page
          .getByText(/異常なし|SCHEDULE/u)
          .first()
          .waitFor({ timeout: 30_000 })
        await applySchedules(made.world.app, [made.world.master])
        await page.reload()
      }
      await card.getByText(words.active, { exact: true }).waitFor()
      await accessible(page, language === 'ja')
      await page.getByRole('button', { name: words.pause }).click()
      await card.getByText(words.paused).waitFor()
      await page.getByRole('button', { name: words.resume }).click()
      await card.getByText(words.active, { exact: true }).waitFor()
      if (language === 'en') {
        await page.getByRole('link', { name: words.findings }).click()
        await page.getByRole('heading', { name: 'Findings' }).waitFor()
      }
    })
})
