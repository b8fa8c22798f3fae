/** What a query or a form says of a field, however often it stands there. */
export function all(fields: unknown, name: string): readonly string[] {
  if (typeof fields !== 'object' || fields === null) return []
  const value: unknown = Object.entries(fields).find(([field]) => field === name)?.[1]
  const values: readonly unknown[] = Array.isArray(value) ? value : [value]
  return values.filter((one) => typeof one === 'string')
}

/** Its first value; undefined where there is none, or an empty one. */
export function one(fields: unknown, name: string): string | undefined {
  const [value] = all(fields, name)
  return value === undefined || value === '' ? undefined : value
}

/** A text that people write: characters that no database holds are none of its. */
export function words(fields: unknown, name: string): string | undefined {
  const text = one(fields, name)?.replaceAll('\0', '')
  return text === '' ? undefined : text
}

/** A query of those fields that have a value. */
export function queryOf(fields: Readonly<Record<string, string | readonly string[] | undefined>>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields))
    for (const text of typeof value === 'string' ? [value] : (value ?? []))
      if (text !== '') query.append(name, text)
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
