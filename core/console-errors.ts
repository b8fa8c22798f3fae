import type { ErrorEntry } from './error-entry.js'
import { EXIT } from './exit-codes.js'

/** What can be wrong with signing in to the web pages. */
export const CONSOLE_ERRORS = {
  SIGN_IN_MISSING: {
    exit: EXIT.invalid,
    meaning: 'The console is to be reached from other machines, where everybody could do everything.',
    remedy:
      'Let people sign in: master-sync console add-user NAME --role approver, with CONSOLE_USERS; or OIDC_ISSUER. Or keep it to this machine: CONSOLE_HOST=127.0.0.1, without CONSOLE_URL.',
  },
  USERS_FILE_INVALID: {
    exit: EXIT.invalid,
    meaning:
      'The file of those who may sign in is not what the console can read; nobody gets in until it is.',
    remedy:
      'Mend the place named in the message; users are added and given new passwords by: master-sync console add-user NAME --role ROLE',
  },
  PASSWORD_SHORT: {
    exit: EXIT.usage,
    meaning:
      'A password has fewer than 12 characters, more than 1,000, or was not typed twice in the same way.',
    remedy: 'Choose a longer one: a few words that do not belong together are good.',
  },
  SIGN_IN_UNAVAILABLE: {
    exit: EXIT.unreachable,
    meaning: 'The OpenID Connect provider does not answer, or refuses the console.',
    remedy:
      'Check OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, and the redirect URI that is registered there; then sign in again.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>
