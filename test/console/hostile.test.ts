import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { startConsole, type RunningConsole } from '../../console/start-console.js'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'
import { PASSWORD, writeUsers } from '../support/users.js'
import { Visitor } from '../support/visitor.js'
import { createWorld, type World } from '../support/world.js'

const ODD = `a/b'"<x>%2e`
const MEGABYTE = 1_000_000
const LARGE = 100 * MEGABYTE

describe('the console, when asked with ill will', () => {
  let folder: TempDir
  let world: World
  let app: App
  let opened: RunningConsole
  let edit: Visitor
  let token: string
  const log: string[] = []
  before(async () => {
    folder = await tempDir()
    const users = join(folder.path, 'users.yaml')
    await writeUsers(users, { look: 'viewer', edit: 'editor' })
    world = await createWorld({
      source: `create table orgs (id text primary key, name text, prefecture_code text);
        insert into orgs values ('M1', '病院', '01'), ('${ODD.replace("'", "''")}', '<b>病院</b>', '01')`,
    })
    const environment = readEnvironment({ ...world.env, CONSOLE_PORT: '0', CONSOLE_USERS: users }, () => '')
    app = new App(environment)
    const sink = { write: (line: string) => void log.push(line) }
    opened = await startConsole(app, (text) => text, pino({ level: 'debug' }, sink))
    edit = new Visitor(opened.url)
    await edit.signIn('edit', PASSWORD)
    token = await edit.token(list())
  })
  after(async () => {
    await opened.stop()
    await app.close()
    await world.close()
    await folder.remove()
  })

  const list = (): string => `/${world.name}/targets`
  const cookies = (): string => [...edit.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  interface Answer {
    readonly status: number
    readonly headers: NodeJS.Dict<string | string[]>
    readonly text: string
  }

  /** Asks for a path as it is written: others first make it what it means. */
  function ask(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const { hostname, port } = new URL(opened.url)
    const sent = { 'accept-language': 'en', cookie: cookies(), ...headers }
    return new Promise((resolve, reject) => {
      request({ hostname, port, path, headers: sent, agent: false }, (answer) => {
        const parts: Buffer[] = []
        answer
          .on('data', (part: Buffer) => void parts.push(part))
          .on('end', () => {
            const text = Buffer.concat(parts).toString()
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text })
          })
      })
        .on('error', reject)
        .end()
    })
  }

  it('changes nothing that a page of its own, in the same session, did not ask for', async () => {
    const other = new Visitor(opened.url)
    await other.signIn('edit', PASSWORD)
    const others = await other.token(list())
    const fields = { token, one: 'M1' }
    const site = (name: string) => ({ 'sec-fetch-site': name })
    const forged: readonly (readonly [Readonly<Record<string, string>>, Readonly<Record<string, string>>])[] =
      [
        [{ one: 'M1' }, {}],
        [{ token: '', one: 'M1' }, {}],
        [{ token: others, one: 'M1' }, {}],
        [{ token: `${token.slice(0, -1)}_`, one: 'M1' }, {}],
        [{ one: 'M1' }, { 'x-csrf-token': others }],
        [fields, { origin: 'https://evil.example' }],
        [fields, { origin: 'null' }],
        [fields, { origin: opened.url.replace(/\d$/u, (digit) => String((Number(digit) + 1) % 10)) }],
        [fields, site('cross-site')],
        [fields, site('same-site')],
      ]
    for (const [sent, headers] of forged)
      for (const path of ['targets/add', 'targets/paste', 'runs/start', 'imports/apply', 'sign-out']) {
        const to = path === 'sign-out' ? '/sign-out' : `/${world.name}/${path}`
        assert.equal((await edit.send(to, sent, headers)).status, 403, `${path} ${JSON.stringify(headers)}`)
      }
    const { rows } = await world.source.query('select from targets')
    assert.equal(rows.length, 0)
    assert.equal((await edit.ask(list())).status, 200)
  })

  it('knows a session by the whole of its cookie, and by nothing that stood there before', async () => {
    const session = edit.cookies.get('master_sync_session') ?? ''
    const guessed = [
      session.slice(0, -1),
      `${session}A`,
      session.toLowerCase(),
      '',
      '__proto__',
      'x'.repeat(43),
    ]
    for (const cookie of guessed) {
      const { status, headers } = await ask(list(), { cookie: `master_sync_session=${cookie}` })
      assert.deepEqual([status, headers['location']?.includes('/sign-in')], [303, true])
    }
    // Given to somebody before they sign in, it is not theirs afterwards.
    const victim = new Visitor(opened.url)
    await victim.token('/sign-in')
    const planted = new Map(victim.cookies)
    assert.equal((await victim.signIn('edit', PASSWORD)).status, 303)
    const thief = new Visitor(opened.url)
    thief.take(planted)
    assert.equal((await thief.ask(list())).status, 303)
    thief.take(victim.cookies)
    assert.equal((await thief.ask(list())).status, 200)
    await victim.send('/sign-out', { token: await victim.token(list()) })
    assert.equal((await thief.ask(list())).status, 303)
  })

  it('gives no file but its own three, and no master but its own, however a path is written', async () => {
    const rows = (id: string): string => `/${world.name}/rows/${id}`
    for (const [path, expected] of [
      ['/assets/../package.json', 404],
      ['/assets/%2e%2e/package.json', 404],
      ['/assets/..%2fconsole.css', 404],
      ['/assets/console.css%00', 404],
      ['/assets/', 404],
      ['//evil.example/assets', 404],
      ['/../../../../etc/passwd', 404],
      ['/%c0%af', 400],
      ['/%', 400],
      ['/__proto__/targets', 404],
      ['/constructor/targets', 404],
      [`/${world.name}%2ftargets`, 404],
      [`/..%2f${world.name}/targets`, 404],
      ['/%00/targets', 404],
      [rows('%00'), 400],
      [rows('%2e%2e%2f'), 400],
      [rows('%ED%A0%80'), 400],
      [rows('a'.repeat(600)), 414],
      [`${list()}/search?q=${'a'.repeat(17_000)}`, 431],
      [`${list()}/download.__proto__`, 404],
      ['/language/constructor', 404],
    ] as const) {
      const { status, text } = await ask(path)
      assert.equal(status, expected, path)
      assert.doesNotMatch(text, /node_modules|\.ts:|root:/u, path)
    }
    for (const back of ['//evil.example', '/\\evil.example', 'https://evil.example', '/%0d%0aset-cookie:x=y'])
      assert.doesNotMatch(
        String((await ask(`/language/en?back=${encodeURIComponent(back)}`)).headers['location']),
        /^(https?:)?[/\\]{2}|[\r\n]/u,
      )
  })

  it('answers only to names of its own, whatever a proxy is said to have been asked for', async () => {
    const local = new App(readEnvironment({ ...world.env, CONSOLE_PORT: '0' }, () => ''))
    const without = await startConsole(local, (text) => text)
    const { hostname, port } = new URL(without.url)
    const status = (headers: Readonly<Record<string, string>>): Promise<number | undefined> =>
      new Promise((resolve, reject) => {
        request({ hostname, port, path: list(), headers, agent: false }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
          .on('error', reject)
          .end()
      })
    assert.equal(await status({}), 200)
    assert.equal(await status({ host: 'evil.example' }), 421)
    assert.equal(await status({ host: `evil.example:${port}`, 'x-forwarded-host': '127.0.0.1' }), 421)
    assert.equal(await status({ host: '127.0.0.1.evil.example' }), 421)
    await without.stop()
    await local.close()
  })

  it('finds, shows and adds what is named in odd characters, and takes none of them for its own', async () => {
    const page = await edit.read(`${list()}/search?q=${encodeURIComponent('<b>')}`)
    assert.ok(page.includes('&lt;b&gt;病院'))
    assert.doesNotMatch(page, /<b>|<x>/u)
    assert.equal((await ask(`/${world.name}/rows/${encodeURIComponent(ODD)}`)).status, 200)
    for (const text of ['\0', 'a\0', '\u202E', '%', '_', '\\', `'`, '${', 'x'.repeat(500)]) {
      const value = encodeURIComponent(text)
      for (const query of [
        '/search?q=',
        '/search?prefecture_code=',
        '?part=',
        '?behind=M1&sort=note&behind_note=',
      ])
        assert.equal((await ask(`${list()}${query}${value}`)).status, 200, query + value)
    }
    const note = { token, one: ODD, note: '\0<script>\u202E' }
    const { status, headers } = await edit.send(`${list()}/add`, note)
    assert.equal(status, 303)
    const way = await edit.read(headers.get('location') ?? '')
    assert.ok(way.includes('a/b&#39;&quot;&lt;x&gt;%2e'))
    assert.equal((await edit.send(`${list()}/add`, { token, one: 'M\0' })).status, 400)
    // Of an id that no address has room for the way is not shown, but it is on the list.
    const long = await edit.send(`${list()}/add`, { token, one: '病'.repeat(3_000) })
    assert.equal((await edit.ask(long.headers.get('location') ?? '')).status, 200)
    const { rows } = await world.source.query('select id, note from targets order by length(id)')
    assert.deepEqual(rows, [
      { id: ODD, note: '<script>\u202E' },
      { id: '病'.repeat(3_000), note: null },
    ])
  })

  it('refuses forms that no page of its own sends, without a fault of its own', async () => {
    for (const path of [
      '/sign-in',
      `/${world.name}/imports/replace`,
      `/${world.name}/imports/apply`,
      `/${world.name}/runs/start`,
    ]) {
      const body = new URLSearchParams({ token })
      for (const name of ['name', 'from', 'mode', 'upload'])
        for (const value of ['a', 'b']) body.append(name, value)
      const { status } = await edit.ask(path, { method: 'POST', body })
      assert.ok(status >= 400 && status < 500, `${path}: ${status}`)
    }
  })

  it('lets a page run nothing but its own script, be framed by nobody, and stay in no cache', async () => {
    for (const path of [list(), `${list()}/nowhere`, '/sign-in', `/${world.name}/rows/none`]) {
      const { headers } = await ask(path)
      assert.equal(
        headers['content-security-policy'],
        `default-src 'none';script-src 'self';style-src 'self';img-src 'self';connect-src 'self';form-action 'self';frame-ancestors 'none';base-uri 'none'`,
      )
      assert.deepEqual(
        ['x-content-type-options', 'x-frame-options', 'referrer-policy', 'cache-control'].map(
          (name) => headers[name],
        ),
        ['nosniff', 'DENY', 'same-origin', 'no-store'],
      )
    }
    const { headers } = await new Visitor(opened.url).ask('/sign-in')
    assert.match(headers.getSetCookie().join(), /; Path=\/; HttpOnly; SameSite=Strict$/u)
  })

  /** Sends what it says and then as much as it has said, as long as somebody takes it. */
  function pour(
    path: string,
    head: readonly string[],
    first = '',
  ): Promise<{ status: number; sent: number }> {
    const { hostname, port, host } = new URL(opened.url)
    return new Promise((resolve) => {
      const socket = connect(Number(port), hostname)
      const [part, answer]: [Buffer, string[]] = [Buffer.alloc(65_536, 'a'), []]
      let sent = 0
      socket.on('data', (data) => void answer.push(data.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => {
        resolve({ status: Number(answer.join('').split(' ')[1]), sent })
      })
      const more = (): void => {
        while (sent < LARGE && socket.writable) {
          sent += part.length
          if (!socket.write(part)) {
            socket.once('drain', more)
            return
          }
        }
      }
      const lines = [`POST ${path} HTTP/1.1`, `host: ${host}`, ...head, '', first]
      socket.write(lines.join('\r\n'), more)
    })
  }

  const own = (): string => `cookie: ${cookies()}`
  const LENGTH = `content-length: ${LARGE + 10 * MEGABYTE}`
  const FORM = 'content-type: application/x-www-form-urlencoded'
  const PARTS = 'content-type: multipart/form-data; boundary=b'
  const parts = (given: string): string =>
    `--b\r\ncontent-disposition: form-data; name="token"\r\n\r\n${given}\r\n--b\r\ncontent-disposition: form-data; name="list"; filename="a.csv"\r\n\r\nid\r\n`

  for (const [what, status, path, head] of [
    ['a form', 413, 'targets/add', () => [own(), FORM, LENGTH]],
    ['a form in chunks', 413, 'targets/add', () => [own(), FORM, 'transfer-encoding: chunked']],
    ['a form of nobody', 413, 'targets/add', () => [FORM, LENGTH]],
    ['something else', 413, 'targets/add', () => [own(), 'content-type: image/png', LENGTH]],
    [
      'something else in chunks',
      415,
      'targets/add',
      () => [own(), 'content-type: a/b', 'transfer-encoding: chunked'],
    ],
    ['a list', 413, 'targets/upload', () => [own(), PARTS, LENGTH]],
    ['a list in chunks', 413, 'targets/upload', () => [own(), PARTS, 'transfer-encoding: chunked']],
    ['an import without its token', 403, 'imports', () => [own(), PARTS, LENGTH]],
    ['an import', 413, 'imports', () => [own(), PARTS, `content-length: ${1024 ** 3 + MEGABYTE}`]],
  ] as const)
    it(`refuses ${what} of 100 MB and more before it is sent, and ends the connection`, async () => {
      const before = process.memoryUsage().rss
      const chunked = head().includes('transfer-encoding: chunked')
      const body =
        path === 'imports'
          ? parts(status === 403 ? 'x' : token)
          : path === 'targets/upload'
            ? parts(token)
            : ''
      const first = chunked ? `${(2 * LARGE).toString(16)}\r\n${body}` : body
      const { status: answered, sent } = await pour(`/${world.name}/${path}`, head(), first)
      assert.equal(answered, status)
      // Of a list some 50 are taken, which it may have.
      assert.ok(sent < 0.7 * LARGE, `${sent / MEGABYTE} MB were taken`)
      assert.ok(process.memoryUsage().rss - before < 60 * MEGABYTE)
    })

  it('writes nothing into the log of what was sent: no cookie, no token, no text, no password', async () => {
    await new Visitor(opened.url).signIn('typed-here-by-mistake', 'wrong horse battery')
    await edit.send(`${list()}/add`, { token: 'x', one: 'kept-for-us', note: 'kept-for-us' })
    await ask(`${list()}/search?q=kept-for-us&behind=%00`)
    await world.source.query('alter table targets rename to elsewhere')
    assert.equal((await edit.send(`${list()}/add`, { token, one: 'kept-for-us' })).status >= 400, true)
    await world.source.query('alter table elsewhere rename to targets')
    const text = log.join('')
    assert.match(text, /signed_in/u)
    assert.match(text, /sign_in_failed/u)
    for (const secret of [
      token,
      ...edit.cookies.values(),
      PASSWORD,
      'wrong horse',
      'by-mistake',
      'kept-for-us',
    ])
      assert.ok(!text.includes(secret), `${secret}: ${log.find((line) => line.includes(secret)) ?? ''}`)
  })
})
