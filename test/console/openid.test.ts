import assert from 'node:assert/strict'
import { freePort } from '../../local/places.js'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'
import { startOpenId, type OpenIdProvider } from '../support/openid-provider.js'
import { Visitor } from '../support/visitor.js'

const PEOPLE = {
  yamada: { preferred_username: '山田', groups: ['staff', 'master-lookers'] },
  sato: { preferred_username: '佐藤', groups: ['master-lookers', 'master-deciders'] },
  // As one text, and without a name.
  suzuki: { groups: 'master-lookers' },
  guest: { preferred_username: 'guest', groups: ['staff'] },
}

describe('signing in to the console by OpenID Connect', () => {
  let made: ConsoleWorld
  let provider: OpenIdProvider
  before(async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    provider = await startOpenId(PEOPLE, `${url}/sign-in/callback`)
    made = await createConsoleWorld(
      {
        source: `create table orgs (id text primary key, name text); insert into orgs values ('M1', '病院')`,
      },
      {
        CONSOLE_PORT: String(port),
        CONSOLE_URL: url,
        OIDC_ISSUER: provider.issuer,
        OIDC_CLIENT_ID: provider.clientId,
        OIDC_CLIENT_SECRET: provider.clientSecret,
        OIDC_ROLE_CLAIM: 'groups',
        OIDC_ROLES: 'viewer=master-lookers,approver=master-deciders',
      },
    )
  })
  after(async () => {
    await made.close()
    await provider.stop()
  })

  const list = (): string => `/${made.world.name}/targets`
  const visitor = (): Visitor => new Visitor(made.console.url)

  /** Goes to the provider and says who they are there. @returns the path by which it sends them back */
  async function sentBack(somebody: Visitor, login: string): Promise<string> {
    const to = async (path: string, init?: RequestInit): Promise<string> => {
      const { headers } = await somebody.ask(path, init)
      return new URL(headers.get('location') ?? '', new URL(path, made.console.url)).href
    }
    const asked = await to(await to(`/sign-in/openid?back=${encodeURIComponent(list())}`))
    const { pathname, search } = new URL(
      await to(await to(asked, { method: 'POST', body: new URLSearchParams({ login }) })),
    )
    return `${pathname}${search}`
  }

  async function isIn(somebody: Visitor): Promise<boolean> {
    return (await somebody.ask(list())).status === 200
  }

  for (const [language, words] of [
    ['ja', { go: '会社のアカウントでサインイン', title: '対象リスト', out: 'サインアウト' }],
    ['en', { go: 'Sign in with your company account', title: 'Target list', out: 'Sign out' }],
  ] as const)
    it(`goes by the provider and comes back to the page that was asked for, until one signs out, in ${language}`, async () => {
      const page = await made.open({ language, scripts: language === 'en' })
      await page.goto(made.at('targets'))
      if (language === 'en') await assertAccessible(page)
      await page.getByRole('link', { name: words.go }).click()
      await page.locator('input').fill('yamada')
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: words.title, level: 1 }).waitFor()
      assert.equal(page.url(), made.at('targets'))
      await page.getByText('山田').waitFor()
      const cookies = await page.context().cookies(made.console.url)
      assert.deepEqual(
        cookies
          .filter(({ name }) => name.startsWith('master_sync'))
          .map((one) => [one.sameSite, one.httpOnly]),
        [['Strict', true]],
      )
      await page.getByRole('button', { name: words.out }).click()
      await page.goto(made.at('targets'))
      assert.match(page.url(), /\/sign-in\?back=/u)
    })

  it('gives the largest role that the claim names, and nobody else any', async () => {
    for (const [login, status, name] of [
      ['yamada', 403, '山田'],
      ['sato', 200, '佐藤'],
      ['suzuki', 403, 'suzuki'],
    ] as const) {
      const somebody = visitor()
      assert.equal((await somebody.ask(await sentBack(somebody, login))).status, 200)
      assert.ok((await somebody.read(list())).includes(name))
      assert.equal((await somebody.ask(`/${made.world.name}/audit`)).status, status, login)
    }
    const guest = visitor()
    const refused = await guest.ask(await sentBack(guest, 'guest'))
    assert.equal(refused.status, 403)
    assert.match(await refused.text(), /have no role here/u)
    assert.equal(await isIn(guest), false)
  })

  it('takes nobody who did not go from here, who brings what was meant for another, or comes twice', async () => {
    const [one, other] = [visitor(), visitor()]
    const path = await sentBack(one, 'sato')
    await sentBack(other, 'yamada')
    assert.equal((await visitor().ask(path)).status, 403)
    assert.equal((await other.ask(path)).status, 403)
    assert.equal(await isIn(other), false)
    assert.equal((await one.ask(path)).status, 200)
    assert.equal((await one.ask(path)).status, 403)
    assert.equal(await isIn(one), true)
  })

  for (const [what, status] of [
    ['state', 403],
    ['verifier', 403],
    // By then the provider has taken the code for ours: its word does not hold.
    ['nonce', 503],
  ] as const)
    it(`takes nobody whose ${what} is another`, async () => {
      const somebody = visitor()
      const path = await sentBack(somebody, 'sato')
      const kept = somebody.cookies.get('master_sync_openid') ?? ''
      const going = JSON.parse(Buffer.from(kept, 'base64url').toString()) as Record<string, string>
      const forged = { ...going, [what]: 'x'.repeat(43) }
      somebody.take(
        new Map([['master_sync_openid', Buffer.from(JSON.stringify(forged)).toString('base64url')]]),
      )
      assert.equal((await somebody.ask(path)).status, status)
      assert.equal(await isIn(somebody), false)
    })

  it('says that the provider does not answer, and not what only the two of them know', async () => {
    const somebody = visitor()
    const path = await sentBack(somebody, 'sato')
    await provider.stop()
    const answer = await somebody.ask(path)
    assert.equal(answer.status, 503)
    const page = await answer.text()
    assert.match(page, /SIGN_IN_UNAVAILABLE/u)
    assert.ok(!page.includes(provider.clientSecret))
    assert.equal(await isIn(somebody), false)
  })
})
