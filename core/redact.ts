/** Takes secrets out of a text. */
export type Redact = (text: string) => string

const HIDDEN = '***'

/** What is shorter is no secret, and would be found within words; in a URL it is hidden all the same. */
const SHORTEST = 6

/** Up to the last @ before the host's end. */
const IN_URL = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/?#]*:)[^\s/?#]+@/giu
/** A password that nobody encoded may hold a slash. */
const IN_POSTGRES_URL = /(\bpostgres(?:ql)?:\/\/[^\s:@/?#]*:)[^\s"'<>]+@/giu
const AS_PARAMETER = /\b((?:ssl)?password=)[^\s&"']+/giu

/** Hides these secrets, however they are written, and the password of any URL. */
export function redactor(secrets: Iterable<string>): Redact {
  const forms = [...new Set([...secrets].flatMap(formsOf))]
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
  return (text) =>
    forms
      .reduce((rest, form) => rest.replaceAll(form, HIDDEN), text)
      .replace(IN_POSTGRES_URL, `$1${HIDDEN}@`)
      .replace(IN_URL, `$1${HIDDEN}@`)
      .replace(AS_PARAMETER, `$1${HIDDEN}`)
}

function formsOf(secret: string): readonly string[] {
  return [
    secret,
    possible(decodeURIComponent, secret),
    possible(encodeURIComponent, secret),
    JSON.stringify(secret).slice(1, -1),
  ]
}

function possible(change: (text: string) => string, text: string): string {
  try {
    return change(text)
  } catch {
    return text
  }
}

const USERINFO = /^[a-z][a-z0-9+.-]*:\/\/[^:@/?#]*:/iu

/** The passwords that a URL holds; in one that was not encoded it is not sure where a password ends. */
export function passwordsIn(url: string): readonly string[] {
  const start = USERINFO.exec(url)?.[0].length
  if (start === undefined) return parametersOf(url)
  const rest = url.slice(start)
  const host = rest.search(/[/?#]/u)
  const ends = [rest.slice(0, host < 0 ? undefined : host).lastIndexOf('@'), rest.lastIndexOf('@')]
  return [...ends.filter((end) => end > 0).map((end) => rest.slice(0, end)), ...parametersOf(url)]
}

function parametersOf(url: string): readonly string[] {
  return [...url.matchAll(AS_PARAMETER)].map(([found, name = '']) => found.slice(name.length))
}

/** Where a webhook's secret stands: its path and what follows. */
export function webhookPath(url: string): string {
  return /^https?:\/\/[^/?#]*(.*)$/iu.exec(url)?.[1] ?? ''
}

const DEEPEST = 8

/** A value as plain JSON, without secrets; errors with all that they carry. */
export function redactValue(value: unknown, redact: Redact, depth = 0): unknown {
  if (typeof value === 'string') return redact(value)
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object') return undefined
  if (depth >= DEEPEST) return '…'
  const inner = (each: unknown): unknown => redactValue(each, redact, depth + 1)
  if (Array.isArray(value)) return value.map(inner)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  const fields = Object.entries(value).map(([name, each]) => [redact(name), inner(each)])
  if (!(value instanceof Error)) return Object.fromEntries(fields)
  return {
    name: value.name,
    message: redact(value.message),
    stack: value.stack === undefined ? undefined : redact(value.stack),
    ...(value.cause === undefined ? {} : { cause: inner(value.cause) }),
    ...Object.fromEntries(fields),
  }
}
