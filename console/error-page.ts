import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { ERRORS } from '../core/error-catalogue.js'
import { ERRORS_JA } from '../core/error-catalogue.ja.js'
import { SyncError } from '../core/errors.js'
import { messageInJapanese } from '../core/messages.ja.js'
import type { Redact } from '../core/redact.js'
import { remedyInJapanese } from '../core/remedies.ja.js'
import { html, type Markup } from './markup/html.js'
import { send, sendPage } from './markup/layout.js'
import { Refusal } from './request/refusal.js'
import { visitOf, type Visit } from './request/visit.js'

/** What went wrong, as errors and the reports of runs tell it. */
interface Failure {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** An error as a box in a page. */
export function errorBox({ say, language }: Visit, { code, message, remedy }: Failure): Markup {
  const ja = Object.entries(ERRORS_JA).find(([known]) => known === code)?.[1]
  const inJapanese = messageInJapanese(message)
  return html`<div class="error" role="alert">
    <p><strong>${say(inJapanese ?? ja?.meaning ?? message, message)}</strong> <code>${code}</code></p>
    ${language === 'ja' && inJapanese === undefined && html`<p lang="en">${message}</p>`}
    <p class="remedy">${say(remedyInJapanese(remedy) ?? ja?.remedy ?? remedy, remedy)}</p>
  </div>`
}

/** Answers with what went wrong; what nobody foresaw is told by its place in the log alone. */
export function answerError(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
  redact: Redact,
): FastifyReply {
  const visit = visitIfAny(request)
  const { status, title, detail } = explain(error, visit)
  if (status === 500) request.log.error({ failure: redact(error.stack ?? error.message) })
  void reply.code(status)
  if (visit === undefined) return reply.type('text/plain; charset=utf-8').send(`${title}\n`)
  // htmx shows no answer that is an error: it is told in a page of its own.
  if (visit.partial)
    return send(
      reply.header('hx-retarget', '#main').header('hx-reswap', 'innerHTML').code(200),
      detail(visit),
    )
  return sendPage(reply, visit, { title, body: detail(visit) })
}

interface Explained {
  readonly status: number
  readonly title: string
  readonly detail: (visit: Visit) => Markup
}

/** By the exit code of a command that fails so. */
const STATUS: Readonly<Record<number, number>> = { 2: 400, 3: 400, 4: 409, 5: 503, 6: 409 }

function explain(error: FastifyError, visit: Visit | undefined): Explained {
  const say = visit?.say ?? (<T>(_ja: T, en: T) => en)
  if (error instanceof SyncError) {
    const missing = error.code === 'MASTER_UNKNOWN' || error.code === 'RUN_UNKNOWN'
    return {
      status: missing ? 404 : (STATUS[ERRORS[error.code].exit] ?? 500),
      title: say('できませんでした', 'That did not work'),
      detail: (seen) => errorBox(seen, error),
    }
  }
  if (error instanceof Refusal) {
    const { status, ja, en } = REFUSED[error.reason]
    return told(status, say<string>(ja, en))
  }
  if (error.statusCode === 413) return told(413, say('大きすぎます', 'That is too large'))
  if (error.statusCode !== undefined && error.statusCode < 500)
    return told(error.statusCode, say('読み取れない要求です', 'This request cannot be read'))
  return told(
    500,
    say('思いがけない誤りです。ログをご覧ください', 'Something unforeseen went wrong: see the log'),
  )
}

const REFUSED = {
  role: { status: 403, ja: 'この操作の権限がありません', en: 'Your role does not allow this' },
  stranger: {
    status: 403,
    ja: 'サインインしましたが、このコンソールを使う役割がありません。管理者にお問い合わせください',
    en: 'You have signed in, but have no role here: ask who looks after this console',
  },
  forged: {
    status: 403,
    ja: '画面が古いか、別のサイトからの要求です。戻って読み込み直してください',
    en: 'This page is too old, or another site made the request: go back and reload it',
  },
  host: {
    status: 421,
    ja: 'この名前では開けません。CONSOLE_URL を設定してください',
    en: 'Not under this name: set CONSOLE_URL',
  },
  often: { status: 429, ja: '回数が多すぎます。しばらくお待ちください', en: 'Too often: wait a while' },
  missing: { status: 404, ja: '見つかりません', en: 'There is no such page' },
} as const

function told(status: number, title: string): Explained {
  return { status, title, detail: () => html`<p class="error" role="alert">${title}</p>` }
}

function visitIfAny(request: FastifyRequest): Visit | undefined {
  try {
    return visitOf(request)
  } catch {
    return undefined
  }
}
