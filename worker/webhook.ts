import type { Webhook } from '../activities/webhook.js'
import { SyncError } from '../core/errors.js'
import type { Environment } from '../core/options.js'
import type { Redact } from '../core/redact.js'

/** Share of a lease that one attempt may take: a connection may be held so long, and leases must be renewed meanwhile. */
const SHARE = 1 / 12
const LEAST_MS = 1_000
const MOST_MS = 10_000

/**
 * Who is told of runs; undefined: nobody.
 * @throws SyncError OPTION_INVALID
 */
export function readWebhook(environment: Environment, redact: Redact): Webhook | undefined {
  const form = environment.choice('WEBHOOK_FORM')
  const language = environment.choice('NOTICE_LANGUAGE')
  const url = environment.text('WEBHOOK_URL')
  if (url === undefined) return undefined
  if (!/^https?:\/\//u.test(url) || !URL.canParse(url))
    throw new SyncError('OPTION_INVALID', 'WEBHOOK_URL is not a URL that begins with https:// or http://')
  const timeoutMs = environment.number('LEASE_SECONDS') * 1000 * SHARE
  return { url, form, language, timeoutMs: Math.min(MOST_MS, Math.max(LEAST_MS, timeoutMs)), redact }
}
