import assert from 'node:assert/strict'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { mock } from 'node:test'
import cookie from '@fastify/cookie'
import fastify from 'fastify'
import { parse } from 'yaml'
import { Sessions } from '../../console/access/sessions.js'
import { startConsole } from '../../console/start-console.js'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { exits, start, tells } from '../cli/run-cli.js'
import { assertAccessible, createConsoleWorld, type ConsoleWorld } from '../support/console-world.js'
import { command } from '../support/servers.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { PASSWORD, writeUsers } from '../support/users.js'
import { Visitor } from '../support/visitor.js'

const ROLES = { look: 'viewer', edit: 'editor', decide: 'approver' }

describe('signing in to the console', () => {
  let made: ConsoleWorld
  let folder: TempDir
  let users: string
  before(async () => {
    folder = await tempDir()
    users = join(folder.path, 'users.yaml')
    await writeUsers(users, ROLES)
    made = await createConsoleWorld(
      {
        source: `create table orgs (id text primary key, name text); insert into orgs values ('M1', '病院')`,
      },
      { CONSOLE_USERS: users },
    )
  })
  after(async () => {
    await made.close()
    await folder.remove()
  })

  const list = (): string => `/${made.world.name}/targets`
  const visitor = (): Visitor => new Visitor(made.console.url)
  async function signedIn(name: string): Promise<Visitor> {
    const somebody = visitor()
    assert.equal((await somebody.signIn(name, PASSWORD)).status, 303)
    return somebody
  }

  for (const [language, words] of [
    ['ja', { wrong: '利用者名かパスワードが違います', out: 'サインアウト', title: '対象リスト' }],
    ['en', { wrong: 'not the password', out: 'Sign out', title: 'Target list' }],
  ] as const) {
    it(`stands before every page, leads back to it, and ends when asked, in ${language}`, async () => {
      const page = await made.open({ language, scripts: false })
      await page.goto(made.at('targets'))
      await page.locator('#name').fill('look')
      await page.locator('#password').fill('wrong horse battery')
      await page.locator('main button').click()
      await page.getByText(words.wrong).waitFor()
      assert.equal(await page.locator('#name').inputValue(), 'look')
      await page.locator('#password').fill(PASSWORD)
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: words.title, level: 1 }).waitFor()
      assert.equal(page.url(), made.at('targets'))
      await page.getByRole('button', { name: words.out }).click()
      await page.goto(made.at('targets'))
      assert.match(page.url(), /\/sign-in\?back=/u)
    })
  }

  it('is a page that anybody can use', async () => {
    const page = await made.open()
    await page.goto(made.at('targets'))
    await assertAccessible(page)
  })

  it('of a link on another site goes on to the page, whose session a browser brings only from here', async () => {
    const page = await made.open({ scripts: false })
    await page.goto(`${made.console.url}/sign-in`)
    await page.locator('#name').fill('look')
    await page.locator('#password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.goto(`data:text/html,<a href="${made.at('targets')}">list</a>`)
    await page.getByRole('link').click()
    await page.getByRole('heading', { name: '対象リスト', level: 1 }).waitFor()
  })

  it('gives each role what is its own, and writes down who did what', async () => {
    const add = async (name: string): Promise<number> => {
      const somebody = await signedIn(name)
      const fields = { token: await somebody.token(list()), one: 'M1', note: '導入予定' }
      return (await somebody.send(`${list()}/add`, fields)).status
    }
    assert.equal(await add('look'), 403)
    assert.equal(await add('edit'), 303)
    assert.equal((await (await signedIn('edit')).ask(`/${made.world.name}/audit`)).status, 403)
    const seen = await (await signedIn('decide')).read(`/${made.world.name}/audit`)
    assert.match(seen, /edit[^]*target added[^]*M1/u)
    const { rows } = await made.world.cloud.query(
      'select who, role, what, detail from master_sync.console_audit',
    )
    assert.deepEqual(rows, [{ who: 'edit', role: 'editor', what: 'target_added', detail: { ids: ['M1'] } }])
  })

  it('knows at once who has another role, another password, or is not to come any more', async () => {
    const [looking, editing] = [await signedIn('look'), await signedIn('edit')]
    const text = await readFile(users, 'utf8')
    await writeFile(users, text.replace('viewer', 'approver').replace('name: edit', 'name: other'))
    assert.equal((await looking.ask(`/${made.world.name}/audit`)).status, 200)
    assert.equal(
      (await editing.ask(list())).headers.get('location'),
      `/sign-in?back=${encodeURIComponent(list())}`,
    )
    await writeUsers(users, ROLES, 'another horse battery')
    assert.equal((await looking.ask(list())).status, 303)
    assert.equal((await looking.ask(list(), { headers: { 'hx-request': 'true' } })).status, 401)
    await writeUsers(users, ROLES)
  })

  it('lets nobody in by a file that is damaged, and says where, but not what stands there', async () => {
    const looking = await signedIn('look')
    const text = await readFile(users, 'utf8')
    for (const damaged of [
      text.replace('viewer', 'secret-words'),
      `${text}- {secret-words`,
      'users: secret-words',
    ]) {
      await writeFile(users, damaged)
      for (const answer of [await looking.ask(list()), await visitor().signIn('decide', PASSWORD)]) {
        assert.equal(answer.status, 400)
        const page = await answer.text()
        assert.match(page, /USERS_FILE_INVALID/u)
        assert.doesNotMatch(page, /secret-words|scrypt/u)
      }
    }
    await writeFile(users, text)
    assert.equal((await looking.ask(list())).status, 200)
  })

  it('takes ten wrong passwords for a name, and twenty from an address, also of names that nobody has', async () => {
    const guesser = visitor()
    const token = await guesser.token('/sign-in')
    const guess = async (name: string, password = 'wrong'): Promise<number> =>
      (await guesser.send('/sign-in', { token, name, password })).status
    const several = await Promise.all(Array.from({ length: 12 }, () => guess('decide')))
    assert.deepEqual(several.sort(), [...Array<number>(10).fill(401), 429, 429])
    assert.equal(await guess('decide', PASSWORD), 429)
    while ((await guess('nobody-1')) !== 429);
    assert.equal(await guess('look', PASSWORD), 429)
  })
})

describe('a session of the console', () => {
  const HOUR_MS = 3_600_000
  after(() => {
    mock.timers.reset()
  })

  it('ends two hours after its last use, and twelve after its first', async () => {
    mock.timers.enable({ apis: ['Date'], now: 0 })
    const sessions = new Sessions(true)
    const server = fastify()
    await server.register(cookie)
    server.get('/in', (request, reply) => {
      sessions.begin(request, reply, { name: 'look', role: 'viewer', proof: '' })
      return {}
    })
    server.get('/who', (request) => ({ name: sessions.of(request).user?.name ?? null }))
    const signIn = async () => {
      const [{ name, value, secure, sameSite, httpOnly } = { name: '', value: '' }] = (
        await server.inject('/in')
      ).cookies
      assert.deepEqual([name.startsWith('__Host-'), secure, sameSite, httpOnly], [true, true, 'Strict', true])
      return { [name]: value }
    }
    const who = async (cookies: Record<string, string>): Promise<string | null> =>
      (await server.inject({ url: '/who', cookies })).json<{ name: string | null }>().name
    const [used, left] = [await signIn(), await signIn()]
    for (let hours = 1.9; hours < 12; hours += 1.9) {
      mock.timers.setTime(hours * HOUR_MS)
      assert.equal(await who(used), 'look')
    }
    mock.timers.setTime(12 * HOUR_MS)
    assert.equal(await who(used), null)
    assert.equal(await who(left), null)
    const again = await signIn()
    mock.timers.setTime(14 * HOUR_MS)
    assert.equal(await who(again), null)
    await server.close()
  })
})

describe('what the console is opened with', () => {
  let folder: TempDir
  before(async () => {
    folder = await tempDir()
  })
  after(() => folder.remove())

  async function open(env: Readonly<Record<string, string>>): Promise<string> {
    const app = new App(readEnvironment({ CONSOLE_PORT: '0', ...env }, () => ''))
    const opened = await startConsole(app, (text) => text)
    await opened.stop()
    return opened.url
  }

  it('keeps it to this machine, unless people have to sign in', async () => {
    for (const away of [{ CONSOLE_HOST: '0.0.0.0' }, { CONSOLE_URL: 'https://master-sync.example' }])
      await assert.rejects(open(away), { code: 'SIGN_IN_MISSING' })
    assert.match(await open({}), /^http:\/\/127\.0\.0\.1:/u)
    assert.match(
      await open({ CONSOLE_HOST: '0.0.0.0', CONSOLE_USERS: 'users.yaml' }),
      /^http:\/\/0\.0\.0\.0:/u,
    )
    const [issuer, url] = [
      { OIDC_ISSUER: 'https://id.example' },
      { CONSOLE_URL: 'https://master-sync.example' },
    ]
    for (const wrong of [
      issuer,
      { ...issuer, ...url },
      { ...issuer, ...url, CONSOLE_USERS: 'users.yaml' },
      { ...url, OIDC_ISSUER: 'http://id.example' },
      { ...issuer, ...url, OIDC_CLIENT_ID: 'x', OIDC_CLIENT_SECRET: 'y', OIDC_ROLES: 'boss=x' },
    ])
      await assert.rejects(open(wrong), { code: 'OPTION_INVALID' })
  })

  it('is a file of users that add-user writes, for its owner alone, and leaves the others and what is said of them', async () => {
    const file = join(folder.path, 'made.yaml')
    const add = (password: string, ...args: readonly string[]) =>
      start(
        'sh',
        ['-c', 'echo "$PASSWORD" | "$NODE" "$@"', 'sh', command(), 'console', 'add-user', ...args],
        { NODE: process.execPath, PASSWORD: password, CONSOLE_USERS: file },
      ).ended
    const first = await add(PASSWORD, '山田', '--role', 'viewer')
    exits(first, 0)
    assert.equal((await stat(file)).mode & 0o777, 0o600)
    const text = await readFile(file, 'utf8')
    assert.equal(
      [text, first.stdout, first.stderr].some((said) => said.includes(PASSWORD)),
      false,
    )
    await writeFile(file, `# 情報システム部\n${text}`)
    const ended = await Promise.all([
      add(PASSWORD, '山田', '--role', 'approver'),
      add('short', 'x', '--role', 'viewer'),
      add(PASSWORD, 'x y', '--role', 'viewer'),
    ])
    exits(ended[0], 0)
    tells(ended[1], 2, 'PASSWORD_SHORT')
    tells(ended[2], 2, 'USAGE')
    const changed = await readFile(file, 'utf8')
    assert.match(changed, /^# 情報システム部$/mu)
    const { users } = parse(changed) as { users: readonly { name: string; role: string }[] }
    assert.deepEqual(
      users.map(({ name, role }) => [name, role]),
      [['山田', 'approver']],
    )
  })
})
