import type { Dispatcher } from 'undici'
import { passes, refused, told, unreachable } from './fetch-errors.js'
import { fetchable, onward } from './fetch-url.js'
import { MAX_REDIRECTS } from './limits.js'

/** What a server sends, where it was found in the end. */
export interface Answer {
  readonly url: URL
  readonly body: AsyncIterable<Uint8Array>
  /** As many as there will be bytes; undefined where the server does not say. */
  readonly length: number | undefined
  /** `text/html`, without parameters; empty where the server does not say. */
  readonly contentType: string
  readonly disposition: string | undefined
}

interface Way {
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
  /** Told of every answer. */
  readonly answered: () => void
}

/** @throws SyncError IMPORT_UNREACHABLE, IMPORT_REFUSED; what the connection does */
export async function answerOf(asked: URL, { dispatcher, signal, answered }: Way): Promise<Answer> {
  let url = fetchable(asked)
  for (let sent = 0; sent <= MAX_REDIRECTS; sent++) {
    const { origin, pathname, search } = url
    const path = `${pathname}${search}`
    const asking = {
      origin,
      path,
      method: 'GET',
      headers: HEADERS,
      signal,
      highWaterMark: NEVER_FULL,
    } as const
    const { statusCode, headers, body } = await dispatcher.request(asking)
    answered()
    // A body that nobody reads ends with the connections, which is no fault.
    body.on('error', () => undefined)
    const location = REDIRECTS.has(statusCode) ? first(headers['location']) : undefined
    if (location === undefined) {
      if (statusCode !== 200) throw refusal(url, statusCode)
      const length = first(headers['content-length'])
      return {
        ...{ url, body, length: length === undefined ? undefined : Number(length) },
        contentType: (first(headers['content-type']) ?? '').replace(/;.*$/su, '').trim().toLowerCase(),
        disposition: first(headers['content-disposition']),
      }
    }
    url = onward(url, location)
  }
  throw refused(`${told(asked)} sent us on more than ${MAX_REDIRECTS} times`)
}

/**
 * A parser that waits for its reader when the server hangs up ends the process: undici 7, nodejs/undici#5360. So it never
 * waits; the reader keeps up, for it writes while nothing else can come.
 */
const NEVER_FULL = Number.MAX_SAFE_INTEGER

/** Packed on the way, a file would have other bytes than the one that is published. */
const HEADERS = { 'user-agent': 'master-sync', accept: '*/*', 'accept-encoding': 'identity' }

const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

function first(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0]
}

function refusal(url: URL, status: number): Error {
  const message = `${told(url)} answered ${status}`
  return passes(status) ? unreachable(message) : refused(message)
}
