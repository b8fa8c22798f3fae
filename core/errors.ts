import { ERRORS, type ErrorCode } from './error-catalogue.js'

/**
 * An error meant for a person: a stable code, what happened and where, and what mends it.
 * `remedy` replaces the catalogue's general advice where the exact statement is known.
 */
export class SyncError extends Error {
  readonly code: ErrorCode
  readonly remedy: string

  constructor(
    code: ErrorCode,
    message: string,
    options: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'SyncError'
    this.code = code
    this.remedy = options.remedy ?? ERRORS[code].remedy
  }
}

/** `[CODE] what happened`, then what to do, on lines of their own. */
export function renderError(code: string, message: string, remedy: string): string {
  const advice = remedy === '' ? '' : `\n  → ${remedy.replaceAll('\n', '\n    ')}`
  return `[${code}] ${message}${advice}`
}
