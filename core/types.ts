/** The integer types, each holding all values of those before it. */
const INTEGERS = ['smallint', 'integer', 'bigint', 'numeric']

const CHARACTER = /^(?:text|character varying(?:\((\d+)\))?)$/u

/**
 * Whether every value of the source type is kept, text for text, by a column of the cloud type:
 * the same type, a wider integer, or a text type that is at least as long.
 * @param source, cloud type names as `format_type` writes them
 */
export function keepsText(source: string, cloud: string): boolean {
  if (source === cloud) return true
  const from = INTEGERS.indexOf(source)
  if (from >= 0 && source !== 'numeric' && INTEGERS.indexOf(cloud) > from) return true
  const short = CHARACTER.exec(source)
  const long = CHARACTER.exec(cloud)
  if (short === null || long === null) return false
  return long[1] === undefined || (short[1] !== undefined && Number(short[1]) <= Number(long[1]))
}
