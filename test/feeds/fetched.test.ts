import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, readdir } from 'node:fs/promises'
import { createServer, request, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net'
import { SyncError } from '../../core/errors.js'
import { fetchFile, type FetchedFile, type FetchInto } from '../../feeds/fetch-file.js'
import { onward } from '../../feeds/fetch-url.js'
import { newestFiles } from '../../feeds/newest-files.js'
import { resolveFiles } from '../../feeds/resolve-files.js'
import { createAuthority } from '../support/certificates.js'
import { tempDir, type TempDir } from '../support/temp-dir.js'

const NAME = '01-1_hospital_facility_info_20260601.csv.zip'
const LIMITS = { fileBytes: 100_000, pageBytes: 1000 }

let folder: TempDir
const servers: Server[] = []

before(async () => {
  folder = await tempDir()
})

async function stopAll(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
}

afterEach(stopAll)

after(() => folder.remove())

async function listen(server: Server): Promise<number> {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Where what `answer` says is to be had. */
async function serve(answer: RequestListener): Promise<URL> {
  return new URL(`http://127.0.0.1:${await listen(createServer(answer))}/content/${NAME}`)
}

/** Pages and files by path; all others are not there. */
function site(pages: Readonly<Record<string, string | Buffer>>): Promise<URL> {
  return serve((asked, answer) => {
    const page = pages[asked.url ?? '']
    const type = page === undefined || page.includes('<') ? 'text/html; charset=Shift_JIS' : 'application/zip'
    answer.writeHead(page === undefined ? 404 : 200, { 'content-type': type }).end(page)
  })
}

function into(more: Partial<FetchInto> = {}): FetchInto {
  return { folder: folder.path, limits: LIMITS, ...more }
}

async function refusal(fetched: Promise<unknown>): Promise<string> {
  try {
    await fetched
    return 'fetched'
  } catch (error) {
    if (error instanceof SyncError) return `${error.code} ${error.message}`
    throw error
  }
}

describe('a published file, fetched', () => {
  it('is kept whole, byte for byte, under a path of its own, with its sum and its name', async () => {
    const bytes = Buffer.alloc(90_000, '医療')
    const url = await serve((_, answer) =>
      answer.setHeader('content-type', 'Application/ZIP; x=y').end(bytes),
    )
    const heard: number[] = []
    const one = await fetchFile(url, into({ heard: (count) => heard.push(count) }))
    const other = await fetchFile(url, into())
    deepEqual(await readFile(one.path), bytes)
    equal(one.sha256, createHash('sha256').update(bytes).digest('hex'))
    deepEqual([one.name, one.bytes, one.contentType], [NAME, 90_000, 'application/zip'])
    equal(heard.at(-1), 90_000)
    equal(one.path === other.path, false)
  })

  it('is called as its server or its address does, where possible with the date of its data', async () => {
    const named = async (path: string, disposition?: string): Promise<string> => {
      const base = await serve((asked, answer) => {
        if (asked.url?.startsWith('/sent') === true) answer.writeHead(302, { location: '/blob/7f3a' })
        else if (disposition !== undefined) answer.setHeader('content-disposition', disposition)
        answer.end('x')
      })
      return (await fetchFile(new URL(path, base), into())).name
    }
    equal(await named('/%E8%96%AC%E5%B1%80_20260601.zip?v=2'), '薬局_20260601.zip')
    equal(await named('/download', 'attachment; filename="a_20260601.zip"'), 'a_20260601.zip')
    equal(
      await named('/download', "attachment; filename=x; filename*=UTF-8''%E8%96%AC_202606.gz"),
      '薬_202606.gz',
    )
    equal(await named('/a_20260601.zip', 'attachment; filename=latest.zip'), 'a_20260601.zip')
    equal(await named('/sent/a_20260601.zip'), 'a_20260601.zip')
    equal(await named('/download', 'attachment; filename="../../etc/a%2f.zip"'), 'a%2f.zip')
    equal(await named('/download', "attachment; filename*=utf-8'ja'..%2Fa%E2%80%AEb.zip"), 'a_b.zip')
    equal(await named('/%2e%2e%2fpasswd%0a'), 'passwd_')
    equal(await named('/'), '127.0.0.1')
  })

  const chunks = (answer: { write(text: string): unknown }): unknown => answer.write('x'.repeat(10_000))
  const refusals: Readonly<Record<string, readonly [RequestListener, RegExp]>> = {
    'is not there': [(_, answer) => answer.writeHead(404).end(), /^IMPORT_REFUSED http.*zip answered 404$/u],
    'is not for everybody': [(_, answer) => answer.writeHead(403).end(), /^IMPORT_REFUSED .* answered 403$/u],
    'is there, as nothing': [(_, answer) => answer.writeHead(204).end(), /^IMPORT_REFUSED .* answered 204$/u],
    'is for later': [(_, answer) => answer.writeHead(503).end(), /^IMPORT_UNREACHABLE .* answered 503$/u],
    'was asked for too often': [(_, answer) => answer.writeHead(429).end(), /^IMPORT_UNREACHABLE .* 429$/u],
    'says that it has 10 GB': [
      (_, answer) => chunks(answer.writeHead(200, { 'content-length': 10_000_000_000 })),
      /^IMPORT_REFUSED .* has 10000000000 bytes; at most 100000 are fetched$/u,
    ],
    'does not end': [
      (_, answer) => {
        const more = (): void => {
          while (answer.write('x'.repeat(50_000)));
        }
        answer.on('drain', more)
        more()
      },
      /^IMPORT_REFUSED .* has more than 100000 bytes/u,
    ],
    'is cut': [
      (_, answer) => {
        answer.writeHead(200, { 'content-length': 20_000 }).write('x'.repeat(10_000), () => answer.destroy())
      },
      /^IMPORT_UNREACHABLE /u,
    ],
    'is cut, and nobody said how long it would be': [
      (_, answer) => answer.write('x'.repeat(10_000), () => answer.destroy()),
      /^IMPORT_UNREACHABLE /u,
    ],
    'is somewhere else, for ever': [
      (_, answer) => answer.writeHead(302, { location: '/again' }).end(),
      /^IMPORT_REFUSED .*zip sent us on more than 5 times$/u,
    ],
    'is on the disk of the server': [
      (_, answer) => answer.writeHead(302, { location: 'file:///etc/passwd' }).end(),
      /^IMPORT_REFUSED file: is not fetched, only https: and http:$/u,
    ],
  }
  for (const [what, [answer, expected]] of Object.entries(refusals))
    it(`that ${what} is refused, or tried again later`, async () => {
      match(await refusal(fetchFile(await serve(answer), into())), expected)
    })

  it('is tried again later, where nothing comes any more, or at all', async () => {
    for (const answer of [chunks, () => undefined]) {
      const url = await serve((_, response) => answer(response))
      const limits = { ...LIMITS, silenceMs: 200 }
      match(
        await refusal(fetchFile(url, into({ limits }))),
        /^IMPORT_UNREACHABLE .* nothing came for 0.2 s$/u,
      )
    }
  })

  it('is refused before a byte is taken, where it is said to be too large', async () => {
    const url = await serve((_, answer) =>
      chunks(answer.writeHead(200, { 'content-length': 10_000_000_000 })),
    )
    const before = await readdir(folder.path)
    match(await refusal(fetchFile(url, into({ heard: () => before.push('heard') }))), /IMPORT_REFUSED/u)
    deepEqual(await readdir(folder.path), before)
  })

  it('is tried again later, where no server is there', async () => {
    const url = await serve(() => undefined)
    await stopAll()
    match(await refusal(fetchFile(url, into())), /^IMPORT_UNREACHABLE .* cannot be fetched: ECONNREFUSED$/u)
  })

  it('leaves no secret of its address in what is told', async () => {
    const url = await serve((_, answer) => answer.writeHead(404).end())
    url.search = '?signature=s3cret'
    match(await refusal(fetchFile(url, into())), /zip\?… answered 404$/u)
    url.password = 's3cret'
    match(
      await refusal(fetchFile(url, into())),
      /^IMPORT_REFUSED http:\/\/127[^@]*\?… comes with a user or a password/u,
    )
  })

  it('is not fetched without encryption, where it was asked for with', async () => {
    const from = new URL('https://www.mhlw.go.jp/a')
    equal(onward(from, '/b').href, 'https://www.mhlw.go.jp/b')
    const led = Promise.resolve().then(() => onward(from, 'http://www.mhlw.go.jp/b'))
    match(await refusal(led), /^IMPORT_REFUSED https:.* leads to http:.*could change the file$/u)
  })

  it('is given up at once, for the reason of who stops it', async () => {
    const stop = new AbortController()
    const url = await serve((_, answer) => chunks(answer))
    const reason = new Error('cancelled')
    const fetched = fetchFile(url, into({ signal: stop.signal, heard: () => stop.abort(reason) }))
    await rejects(fetched, reason)
  })
})

describe('a published file, fetched from a server that hangs up behind it', () => {
  it('is kept whole, and ends no process', async () => {
    const server = createTcpServer((socket) => {
      socket.once('data', (asked) => {
        const size = Number(/size=(\d+)/u.exec(asked.toString())?.[1])
        socket.write(`HTTP/1.0 200 OK\r\ncontent-length: ${size}\r\n\r\n`)
        socket.end(Buffer.alloc(size, 'x'))
      })
      socket.on('error', () => undefined)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const limits = { fileBytes: 1_000_000 }
    for (let time = 1; time <= 150; time++) {
      const size = (time * 26_783) % 400_000
      const fetched = await fetchFile(
        new URL(`http://127.0.0.1:${port}/list.csv?size=${size}`),
        into({ limits }),
      )
      equal(fetched.bytes, size)
    }
    server.close()
  })
})

describe('a published file behind a proxy', () => {
  const NAMES = ['http_proxy', 'https_proxy', 'no_proxy'].flatMap((name) => [name, name.toUpperCase()])
  const before = new Map(NAMES.map((name) => [name, process.env[name]]))

  function set(variables: Readonly<Record<string, string | undefined>>): void {
    for (const name of NAMES) {
      const value = variables[name]
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }

  afterEach(() => set(Object.fromEntries(before)))

  /** A proxy that asks for a password, and what it was asked for with the right one. */
  async function proxy(): Promise<{ readonly port: number; readonly asked: readonly string[] }> {
    const asked: string[] = []
    const allowed = `Basic ${Buffer.from('user:p@ss').toString('base64')}`
    const server = createServer(({ url = '', headers }, answer) => {
      if (headers['proxy-authorization'] !== allowed) {
        answer.writeHead(407).end()
        return
      }
      asked.push(url)
      request(url, (from) => from.pipe(answer.writeHead(from.statusCode ?? 500, from.headers))).end()
    })
    server.on('connect', ({ url = '', headers }, socket) => {
      if (headers['proxy-authorization'] !== allowed) {
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
        return
      }
      asked.push(url)
      const { hostname, port } = new URL(`http://${url}`)
      const onto = connect(Number(port), hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
      onto.on('error', () => socket.destroy())
      socket.on('error', () => onto.destroy()).pipe(onto)
      onto.pipe(socket)
    })
    return { port: await listen(server), asked }
  }

  it('is fetched through it, however it is written, but not where NO_PROXY says so', async () => {
    const { port, asked } = await proxy()
    const url = await serve((_, answer) => answer.end('through'))
    for (const HTTP_PROXY of [`http://user:p%40ss@127.0.0.1:${port}`, `user:p%40ss@127.0.0.1:${port}`]) {
      set({ HTTP_PROXY })
      equal((await fetchFile(url, into())).bytes, 7)
    }
    deepEqual(asked, [url.href, url.href])
    set({ HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: 'example.jp,127.0.0.1' })
    equal((await fetchFile(url, into())).bytes, 7)
    deepEqual(asked.length, 2)
  })

  it('is fetched through a tunnel, where it is encrypted, from a server that is trusted alone', async () => {
    const { port, asked } = await proxy()
    const { cert, key } = await createAuthority(folder.path, 'localhost')
    const secure = createTlsServer({ cert: await readFile(cert), key: await readFile(key) })
    const there = await listen(secure)
    set({ HTTPS_PROXY: `http://user:p%40ss@127.0.0.1:${port}` })
    const url = new URL(`https://localhost:${there}/a_20260601.zip`)
    match(
      await refusal(fetchFile(url, into())),
      /^IMPORT_REFUSED no connection to localhost:\d+ that can be trusted: /u,
    )
    deepEqual(asked, [url.host])
  })

  it('needs a person where the proxy refuses the password, or is none', async () => {
    const { port } = await proxy()
    const url = await serve(() => undefined)
    set({ HTTP_PROXY: `http://user:wr0ng@127.0.0.1:${port}` })
    match(
      await refusal(fetchFile(url, into())),
      /^IMPORT_REFUSED the proxy on the way to 127.* answered 407$/u,
    )
    set({ HTTPS_PROXY: `http://user:wr0ng@127.0.0.1:${port}` })
    const secure = fetchFile(new URL('https://localhost/a.zip'), into())
    match(await refusal(secure), /^IMPORT_REFUSED the proxy on the way to localhost answered 407$/u)
    set({ HTTPS_PROXY: 'http://user:wr0ng@proxy:port' })
    match(
      await refusal(fetchFile(url, into())),
      /^IMPORT_REFUSED HTTPS_PROXY or HTTP_PROXY is not the address/u,
    )
  })
})

describe('a page with links to published files', () => {
  const page = `<!doctype html><title>オープンデータ <a href="title_20260601.zip"></title>
    <!-- <a href="/old_20260601.zip"> --><script>document.write('<a href="script_20260601.zip">')</script>
    <A class=x HREF='/content/01-1_hospital_20251201.zip'>病院</A>
    <a href="../content/01-1_hospital_20260601.csv.zip?a=1&amp;b=2#x" data-x='>'>病院</a>
    <a href=/content/01-1_hospital_20250601.zip>病院</a><a href="/content/01-1_hospital_20260601.csv.zip">
    <a href="/content/01-2_hospital_speciality_hours_20260601.csv.zip">診療時間</a>
    <a\thref = "/content/05_pharmacy_20251201.zip">薬局</a><a href="mailto:a_20260601.zip">
    <a href="/content/iryoukikan_202606.csv.gz">一覧</a><a name="x"><a href="/content/001306376.xlsx">定義書</a>
    <a href="/content/note_20261301.zip">13月</a><area href="/area_20260601.zip"><a title='href="x_20260601.zip"'>`

  const found = (html: string, at = 'https://www.mhlw.go.jp/stf/newpage.html'): readonly string[] =>
    newestFiles(html, new URL(at)).map(({ href }) => href)

  it('gives the newest of each series, where browsers would find them', () => {
    deepEqual(found(page), [
      'https://www.mhlw.go.jp/content/01-1_hospital_20260601.csv.zip?a=1&b=2#x',
      'https://www.mhlw.go.jp/content/05_pharmacy_20251201.zip',
      'https://www.mhlw.go.jp/content/iryoukikan_202606.csv.gz',
    ])
    deepEqual(found('<base href="/files/"><a href="a_20260601.zip">'), [
      'https://www.mhlw.go.jp/files/a_20260601.zip',
    ])
    deepEqual(found('<a href="a&#95;20260601&#x2e;csv&unknown;.zip"><a href="b_20260601.gz'), [])
  })

  it('is looked through in a moment, whatever it holds', () => {
    for (const piece of ['<a ', '<a b="', '<a b=\'"', '<!--', '<script>', '<a b =', '</', '<a href="&#'])
      deepEqual(found(piece.repeat(300_000)), [])
  })

  it('is followed to its files, in any encoding, in the order of what was asked for', async () => {
    // 表 and ソ end in a backslash's byte, 能 in that of a backslash as well, in Shift_JIS.
    const shiftJis = Buffer.from('955c835c945c', 'hex')
    const html = Buffer.concat([
      Buffer.from('<h1>'),
      shiftJis,
      Buffer.from('</h1><a title="'),
      shiftJis,
      Buffer.from('" href="files/b_20251201.zip">'),
      Buffer.from('<a href="files/b_20260601.csv.zip"><a href="files/c_20260601.zip">'),
    ])
    const base = await site({
      '/data/': html,
      '/a.csv.zip': 'a',
      '/data/files/b_20260601.csv.zip': 'b',
      '/data/files/c_20260601.zip': 'c',
      '/d_20250601.zip': 'd',
    })
    const urls = ['/a.csv.zip', '/data/', '/d_20250601.zip'].map((path) => new URL(path, base))
    const files = await resolveFiles(urls, into())
    deepEqual(await Promise.all(files.map(contentOf)), [
      'a.csv.zip: a',
      'b_20260601.csv.zip: b',
      'c_20260601.zip: c',
      'd_20250601.zip: d',
    ])
  })

  it('is refused where it links to no such file, to a page in its place, or is too large', async () => {
    const told = async (html: string): Promise<string> => {
      const base = await site({ '/data': html, '/a_20260601.zip': '<p>ただいま混み合っています' })
      return refusal(resolveFiles([new URL('/data', base)], into()))
    }
    match(
      await told('<a href="a.xlsx">'),
      /^IMPORT_REFUSED .*data is a page without a link to a dated file, such as/u,
    )
    match(await told('<a href="a_20260601.zip">'), /^IMPORT_REFUSED .*zip should be a file, and is a page$/u)
    match(await told('<a href="b_20260601.zip">'), /^IMPORT_REFUSED .*b_20260601.zip answered 404$/u)
    match(await told(`<${'x'.repeat(2000)}`), /^IMPORT_REFUSED .*data has more than 1000 bytes/u)
  })
})

async function contentOf({ name, path }: FetchedFile): Promise<string> {
  return `${name}: ${await readFile(path, 'utf8')}`
}
