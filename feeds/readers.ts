import type { Field } from './feed.js'

/** A field that is kept as published. */
export function text(field: string, ...headers: readonly string[]): Field {
  return { field, headers, max: 1000 }
}

/** One that must be there, and stands in one line. */
export function name(field: string, ...headers: readonly string[]): Field {
  return { field, headers, max: 255, required: true }
}

/** `1` yes, `0` no, empty: not reported. */
export function flag(field: string, ...headers: readonly string[]): Field {
  return { field, headers, read: (value) => (value === '0' || value === '1' ? value : undefined) }
}

/** A number of beds: an empty one is not reported, and no zero. */
export function count(field: string, ...headers: readonly string[]): Field {
  return { field, headers, read: (value) => (/^\d{1,5}$/u.test(value) ? value : undefined) }
}

export function coordinate(field: string, ...headers: readonly string[]): Field {
  return { field, headers, read: (value) => (/^-?\d{1,3}(?:\.\d{1,15})?$/u.test(value) ? value : undefined) }
}

/** Of a fixed form. */
export function formed(field: string, form: RegExp, ...headers: readonly string[]): Field {
  return { field, headers, read: (value) => (form.test(value) ? value : undefined) }
}

/** Columns that have the names of fields, and are those. */
export function sameNames(fields: readonly Field[]): Readonly<Record<string, string>> {
  return Object.fromEntries(fields.map(({ field }) => [field, field]))
}
