import { ERRORS_JA } from '../core/error-catalogue.ja.js'
import { renderError } from '../core/errors.js'
import { messageInJapanese } from '../core/messages.ja.js'
import { remedyInJapanese } from '../core/remedies.ja.js'

interface Failure {
  readonly code: string
  readonly message: string
  readonly remedy: string
}

/** An error for people: in English with all that is known of it, then in Japanese what happened, or what its code means, and what mends it. */
export function errorText({ code, message, remedy }: Failure): string {
  const ja = inJapanese(code)
  if (ja === undefined) return renderError(code, message, remedy)
  const advice = (remedyInJapanese(remedy) ?? ja.remedy).replaceAll('\n', '\n    ')
  return `${renderError(code, message, remedy)}\n  ${messageInJapanese(message) ?? ja.meaning}\n  → ${advice}`
}

/** What docs/errors.md says of a code in Japanese. */
export function inJapanese(code: string): (typeof ERRORS_JA)[keyof typeof ERRORS_JA] | undefined {
  return isCode(code) ? ERRORS_JA[code] : undefined
}

function isCode(code: string): code is keyof typeof ERRORS_JA {
  return Object.hasOwn(ERRORS_JA, code)
}
