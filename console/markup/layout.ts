import type { FastifyReply } from 'fastify'
import type { Master } from '../../core/master.js'
import { html, type Content, type Markup } from './html.js'
import { form } from './form.js'
import type { Visit } from '../request/visit.js'

/** The pages of a master, in the order of the menu. */
const SECTIONS = [
  { path: 'targets', ja: '対象', en: 'Targets' },
  { path: 'runs', ja: '実行', en: 'Runs' },
  { path: 'decisions', ja: '判断', en: 'Decisions' },
  { path: 'imports', ja: '取り込み', en: 'Imports' },
  { path: 'health', ja: '状態', en: 'Health' },
] as const

export type Section = (typeof SECTIONS)[number]['path']

export interface Page {
  readonly title: string
  readonly master?: Master
  readonly section?: Section
  readonly body: Content
  /** For printing: nothing but the body. */
  readonly plain?: boolean
}

/** Answers with a whole page. */
export function sendPage(reply: FastifyReply, visit: Visit, page: Page): FastifyReply {
  return send(reply, wholePage(visit, page))
}

/** Answers with markup. */
export function send(reply: FastifyReply, markup: Markup): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(markup.toString())
}

/** Where the pages of a master begin. */
export function pathOf({ master }: Master, section: Section): string {
  return `/${master}/${section}`
}

function wholePage(visit: Visit, { title, master, section, body, plain = false }: Page): Markup {
  const { language, say, session } = visit
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          name="htmx-config"
          content='{"allowEval":false,"includeIndicatorStyles":false,"historyCacheSize":0}'
        />
        <title>${title} · master-sync</title>
        <link rel="stylesheet" href="/assets/console.css" />
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <script src="/assets/htmx.js" defer></script>
      </head>
      <body hx-headers='{"x-csrf-token":"${session.token}"}'>
        <a class="skip" href="#main">${say('本文へ', 'Skip to content')}</a>
        ${!plain && top(visit, master, section)}
        <main id="main">
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
}

function top(visit: Visit, master: Master | undefined, section: Section | undefined): Markup {
  const { say } = visit
  return html`<header>
    <a class="brand" href="/">master-sync</a>
    ${master !== undefined && [masters(visit, master, section ?? 'targets'), menu(visit, master, section)]}
    <div class="who">
      ${languages(visit)}
      ${visit.session.user !== undefined && html`<span>${visit.user.name}</span> ${form(visit, '/sign-out', html`<button class="link">${say('サインアウト', 'Sign out')}</button>`)}`}
    </div>
  </header>`
}

function menu({ say }: Visit, master: Master, section: Section | undefined): Markup {
  return html`<nav aria-label="${say('メニュー', 'Menu')}">
    <ul>
      ${SECTIONS.map(
        ({ path, ja, en }) =>
          html`<li>
            <a href="${pathOf(master, path)}" ${path === section && html`aria-current="page"`}
              >${say(ja, en)}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}

/** Of one there is nothing to choose. */
function masters({ app, say }: Visit, chosen: Master, section: Section): Markup {
  const all = app.masters()
  if (all.length === 1) return html`<span class="master">${titleOf(chosen)}</span>`
  return html`<details class="master">
    <summary>${titleOf(chosen)}</summary>
    <ul aria-label="${say('マスタ', 'Masters')}">
      ${all.map(
        (master) =>
          html`<li>
            <a
              href="${pathOf(master, section)}"
              ${master.master === chosen.master && html`aria-current="true"`}
              >${titleOf(master)}</a
            >
          </li>`,
      )}
    </ul>
  </details>`
}

export function titleOf({ title, master }: Master): string {
  return title ?? master
}

function languages({ language, path }: Visit): Markup {
  const back = encodeURIComponent(path)
  return language === 'ja'
    ? html`<a lang="en" href="/language/en?back=${back}">English</a>`
    : html`<a lang="ja" href="/language/ja?back=${back}">日本語</a>`
}
