import { SyncError } from '../core/errors.js'

/** What a person must look at. */
export function refused(message: string): SyncError {
  return new SyncError('IMPORT_REFUSED', message)
}

/** What passes by itself. */
export function unreachable(message: string): SyncError {
  return new SyncError('IMPORT_UNREACHABLE', message)
}

/** An address as it is told: what follows the path may be a signature that lets anyone read. */
export function told({ protocol, host, pathname, search }: URL): string {
  return `${protocol}//${host}${pathname}${search === '' ? '' : '?…'}`
}

/** Whether an answer may be another one soon: the server is too busy, or broken for the moment. */
export function passes(status: number): boolean {
  return status >= 500 || status === 408 || status === 429
}

/** What became of a request without an answer, or of an answer without an end. */
export function failed(url: URL, error: unknown): unknown {
  if (error instanceof SyncError || !(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  // Faults of ours have no code, and are told as they are.
  if (code === undefined) return error
  const { host } = url
  if (code === UNTRUSTED_PROXY || CERTIFICATE.test(code))
    return refused(`no connection to ${host} that can be trusted: ${code}`)
  const status = PROXY_ANSWER.exec(error.message)?.[1]
  if (PROXY_REFUSED.has(code) && status !== undefined) {
    const message = `the proxy on the way to ${host} answered ${status}`
    return passes(Number(status)) ? unreachable(message) : refused(message)
  }
  const what = code.startsWith('UND_ERR_') ? error.message : code
  return unreachable(`${told(url)} cannot be fetched: ${what}`)
}

const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_(?:GET|VERIFY)_|HOSTNAME_MISMATCH)/u
const UNTRUSTED_PROXY = 'UND_ERR_PRX_TLS'

/** undici gives a proxy's refusal no code of its own; its status stands in the message alone. */
const PROXY_REFUSED: ReadonlySet<string> = new Set(['UND_ERR_ABORTED', 'UND_ERR_INVALID_ARG'])
const PROXY_ANSWER = /\((\d{3})\)/u
