import { SyncError } from '../../core/errors.js'
import type { Environment } from '../../core/options.js'
import { ROLES, type Role } from './roles.js'
import { isLoopback, urlFrom } from '../request/web-address.js'

/** Who says who people are. */
export interface OpenIdSettings {
  readonly issuer: URL
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
  readonly roleClaim: string
  /** What of the claim gives which role. */
  readonly roles: readonly { readonly role: Role; readonly value: string }[]
  /** Where the provider sends people back to. */
  readonly back: URL
}

export const CALLBACK = '/sign-in/callback'

/** @throws SyncError OPTION_INVALID */
export function readOpenIdSettings(
  environment: Environment,
  url: URL | undefined,
): OpenIdSettings | undefined {
  const text = environment.text('OIDC_ISSUER')
  if (text === undefined) return undefined
  const issuer = urlFrom(text)
  // Whoever reads the way to the provider could sign in as anybody.
  if (issuer?.protocol !== 'https:' && !(issuer?.protocol === 'http:' && isLoopback(issuer.hostname)))
    throw new SyncError(
      'OPTION_INVALID',
      `OIDC_ISSUER is ${text}; it takes an address that begins with https://`,
    )
  if (url === undefined)
    throw new SyncError(
      'OPTION_INVALID',
      'CONSOLE_URL is not set: the provider of OIDC_ISSUER sends people there',
    )
  return {
    issuer,
    clientId: environment.required('OIDC_CLIENT_ID'),
    clientSecret: environment.required('OIDC_CLIENT_SECRET'),
    scope: environment.required('OIDC_SCOPE'),
    roleClaim: environment.required('OIDC_ROLE_CLAIM'),
    roles: rolesOf(environment.required('OIDC_ROLES')),
    back: new URL(CALLBACK, url),
  }
}

function rolesOf(text: string): OpenIdSettings['roles'] {
  return text.split(',').map((pair) => {
    const [name = '', ...rest] = pair.split('=').map((part) => part.trim())
    const [role, value] = [ROLES.find((known) => known === name), rest.join('=')]
    if (role !== undefined && value !== '') return { role, value }
    throw new SyncError(
      'OPTION_INVALID',
      `OIDC_ROLES: ${pair.trim()} is not of the form role=value, with one of ${ROLES.join(', ')}`,
    )
  })
}
