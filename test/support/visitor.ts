/** Whoever asks a console without a browser: keeps its cookies, follows nothing. */
export class Visitor {
  readonly #url: string
  readonly #cookies = new Map<string, string>()

  constructor(url: string) {
    this.#url = url
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies
  }

  /** Takes another's cookies. */
  take(cookies: ReadonlyMap<string, string>): void {
    for (const [name, value] of cookies) this.#cookies.set(name, value)
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('accept-language', 'en')
    headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    const answer = await fetch(new URL(path, this.#url), { redirect: 'manual', ...init, headers })
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=')
      if (/max-age=0|expires=thu, 01 jan 1970/iu.test(cookie)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    return answer
  }

  async read(path: string): Promise<string> {
    return (await this.ask(path)).text()
  }

  /** Sends a form as a page that this visitor has open would. */
  async send(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  /** The token of the forms of a page. */
  async token(path: string): Promise<string> {
    return /name="token" value="([\w-]+)"/u.exec(await this.read(path))?.[1] ?? ''
  }

  async signIn(name: string, password: string): Promise<Response> {
    return this.send('/sign-in', { token: await this.token('/sign-in'), name, password })
  }
}
