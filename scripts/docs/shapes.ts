import type { z } from 'zod'
import { outline, type Field } from './outline.js'

/** An object that one or more verbs print with `--json`. */
export interface Shape {
  readonly name: string
  readonly verbs: readonly string[]
  /** The name of a shape of which this one has all fields; then `fields` are those beyond. */
  readonly base: string | undefined
  readonly fields: readonly Field[]
}

/** Each shape once, in the order in which verbs name them; it is called by its schema's title, else after its verb. */
export function shapes(results: Readonly<Record<string, z.ZodType>>): readonly Shape[] {
  const verbsOf = new Map<z.ZodType, string[]>()
  for (const [verb, schema] of Object.entries(results))
    verbsOf.set(schema, [...(verbsOf.get(schema) ?? []), verb])
  const all = [...verbsOf].map(([schema, verbs]) => {
    const { title, fields } = outline(schema, 'output')
    return { name: title ?? `what ${verbs[0] ?? ''} prints`, verbs, fields }
  })
  return all.map((shape) => {
    const base = all.find((other) => other !== shape && holdsMostly(shape.fields, other.fields))
    const known = new Set(base?.fields.map(({ path }) => path))
    return { ...shape, base: base?.name, fields: shape.fields.filter(({ path }) => !known.has(path)) }
  })
}

/** All of the other's fields, and not many more. */
function holdsMostly(fields: readonly Field[], others: readonly Field[]): boolean {
  const paths = new Set(fields.map(({ path }) => path))
  return others.length * 2 > fields.length && others.every(({ path }) => paths.has(path))
}
