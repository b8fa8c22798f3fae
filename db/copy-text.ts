const ESCAPES: Readonly<Record<string, string>> = {
  '\\': String.raw`\\`,
  '\t': String.raw`\t`,
  '\n': String.raw`\n`,
  '\r': String.raw`\r`,
}

const ESCAPED = /[\\\t\n\r]/u
const EACH_ESCAPED = /[\\\t\n\r]/gu
const NULL = String.raw`\N`

/**
 * A value as COPY takes it in its text format (https://www.postgresql.org/docs/current/sql-copy.html); hardly any text
 * has to be changed for it.
 */
export function copyField(text: string | null): string {
  if (text === null) return NULL
  return ESCAPED.test(text) ? text.replaceAll(EACH_ESCAPED, (one) => ESCAPES[one] ?? one) : text
}
