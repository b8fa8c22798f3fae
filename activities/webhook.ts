import { SyncError } from '../core/errors.js'
import type { Notice } from '../core/notice.js'
import type { Language } from '../core/message.js'
import { noticeText } from '../core/notice-text.js'
import type { Redact } from '../core/redact.js'
import { webhookBody, type WebhookForm } from '../core/webhook-body.js'

/** Where notices go, and how. */
export interface Webhook {
  readonly url: string
  readonly form: WebhookForm
  readonly language: Language
  /** For one attempt. */
  readonly timeoutMs: number
  readonly redact: Redact
}

/**
 * Tells a notice once.
 * @param title the master's name for people
 * @throws SyncError WEBHOOK_UNREACHABLE, WEBHOOK_REFUSED
 */
export async function tell(webhook: Webhook, notice: Notice, title: string): Promise<void> {
  const { url, form, language, timeoutMs, redact } = webhook
  const text = noticeText(notice, title, language)
  const shown = { ...text, title: redact(text.title), lines: text.lines.map(redact) }
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(webhookBody(shown, form)),
    // A webhook does not move: what sends us elsewhere is a login page, or someone who wants to read.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  }).catch((error: unknown) => {
    const message = `the webhook at ${new URL(url).host} does not answer: ${reasonOf(error, timeoutMs)}`
    throw new SyncError('WEBHOOK_UNREACHABLE', message)
  })
  await response.body?.cancel()
  if (response.ok) return
  const code = passes(response.status) ? 'WEBHOOK_UNREACHABLE' : 'WEBHOOK_REFUSED'
  throw new SyncError(code, `the webhook at ${new URL(url).host} answered ${response.status}`)
}

/** Too busy, or broken for the moment. */
function passes(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}

/** What fetch throws says `fetch failed`, and why as its cause. */
function reasonOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `nothing within ${timeoutMs / 1000} s`
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message
}
