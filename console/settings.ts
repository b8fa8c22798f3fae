import { SyncError } from '../core/errors.js'
import type { Environment } from '../core/options.js'
import { readOpenIdSettings, type OpenIdSettings } from './access/openid-settings.js'
import { isLoopback, urlFrom } from './request/web-address.js'

/** How the console is reached, and how people sign in. */
export interface ConsoleSettings {
  readonly host: string
  readonly port: number
  /** Under which people open it, where that is not the address it listens on. */
  readonly url: URL | undefined
  /** Whose word is taken for the address a request came from. */
  readonly proxies: readonly string[]
  readonly signIn: SignInSettings | undefined
  readonly temporalUi: string | undefined
}

export type SignInSettings =
  { readonly by: 'users'; readonly file: string } | { readonly by: 'openid'; readonly openid: OpenIdSettings }

/** @throws SyncError OPTION_INVALID, SIGN_IN_MISSING where others could do anything */
export function readConsoleSettings(environment: Environment): ConsoleSettings {
  const settings = {
    host: environment.required('CONSOLE_HOST'),
    port: environment.number('CONSOLE_PORT'),
    url: urlOf(environment, 'CONSOLE_URL'),
    proxies: (environment.text('CONSOLE_PROXIES') ?? '').split(/[\s,]+/u).filter((proxy) => proxy !== ''),
    temporalUi: urlOf(environment, 'TEMPORAL_UI_URL')?.href,
  }
  const signIn = signInOf(environment, settings.url)
  if (signIn === undefined) {
    const away = isLoopback(settings.host) ? undefined : `CONSOLE_HOST is ${settings.host}`
    const led =
      settings.url === undefined || isLoopback(settings.url.hostname)
        ? undefined
        : `CONSOLE_URL is ${settings.url.origin}`
    const open = away ?? led
    if (open !== undefined)
      throw new SyncError('SIGN_IN_MISSING', `${open}, and nobody would have to sign in`)
  }
  return { ...settings, signIn }
}

function signInOf(environment: Environment, url: URL | undefined): SignInSettings | undefined {
  const file = environment.text('CONSOLE_USERS')
  const openid = readOpenIdSettings(environment, url)
  if (file !== undefined && openid !== undefined)
    throw new SyncError(
      'OPTION_INVALID',
      'CONSOLE_USERS and OIDC_ISSUER are set: one way to sign in is enough',
    )
  if (file !== undefined) return { by: 'users', file }
  return openid && { by: 'openid', openid }
}

function urlOf(environment: Environment, name: 'CONSOLE_URL' | 'TEMPORAL_UI_URL'): URL | undefined {
  const text = environment.text(name)
  if (text === undefined) return undefined
  const url = urlFrom(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new SyncError(
    'OPTION_INVALID',
    `${name} is ${text}, which is no address of a web page, such as https://master-sync.example`,
  )
}
