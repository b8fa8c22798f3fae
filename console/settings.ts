import { SyncError } from '../core/errors.js'
import type { Environment } from '../core/options.js'

/** How the console is reached. */
export interface ConsoleSettings {
  readonly host: string
  readonly port: number
  /** Under which people open it, where that is not the address it listens on. */
  readonly url: URL | undefined
  readonly temporalUi: string | undefined
}

/** @throws SyncError OPTION_INVALID */
export function readConsoleSettings(environment: Environment): ConsoleSettings {
  return {
    host: environment.required('CONSOLE_HOST'),
    port: environment.number('CONSOLE_PORT'),
    url: urlOf(environment.text('CONSOLE_URL')),
    temporalUi: urlOf(environment.text('TEMPORAL_UI_URL'))?.href,
  }
}

function urlOf(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined
  const url = URL.parse(text)
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new SyncError(
    'OPTION_INVALID',
    `${text} is no address of a web page, such as https://master-sync.example`,
  )
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost']

/** Whether only this machine reaches an address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host)
}
