import { z } from 'zod'

/** One field of a JSON or YAML object, nested ones by their path. */
export interface Field {
  readonly path: string
  readonly type: string
  readonly description: string
  /** Whether it must be there. */
  readonly required: boolean
  readonly default: unknown
}

/** Of JSON Schema, what zod makes of the schemas of this project. */
interface Node {
  readonly type?: string | readonly string[]
  readonly title?: string
  readonly description?: string
  readonly format?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Node[]
  readonly items?: Node
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
}

export interface Outline {
  readonly title: string | undefined
  readonly fields: readonly Field[]
}

/**
 * The fields of a schema, in order. One whose schema has a title of its own is named by it and not gone into.
 * @param side whether the values are written by people (input) or printed (output)
 */
export function outline(schema: z.ZodType, side: 'input' | 'output'): Outline {
  const root = z.toJSONSchema(schema, { io: side, unrepresentable: 'any' }) as Node
  return { title: root.title, fields: fieldsOf(root, '') }
}

function fieldsOf(node: Node, path: string): readonly Field[] {
  const here = withoutNull(node)
  if (path !== '' && here.title !== undefined) return []
  if (here.items !== undefined) return fieldsOf(here.items, `${path}[]`)
  const named = Object.entries(here.properties ?? {}).flatMap(([name, child]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [field(child, at, here.required?.includes(name) === true), ...fieldsOf(child, at)]
  })
  const others = here.additionalProperties
  if (typeof others !== 'object' || Object.keys(others).length === 0) return named
  return [...named, field(others, `${path}.…`, false)]
}

function field(node: Node, path: string, required: boolean): Field {
  return { path, type: typeOf(node), description: node.description ?? '', required, default: node.default }
}

function typeOf(node: Node): string {
  if (node.anyOf !== undefined) return node.anyOf.map(typeOf).join(' or ')
  if (node.title !== undefined) return node.title
  if (node.enum !== undefined) return node.enum.map((value) => JSON.stringify(value)).join(' or ')
  if (node.const !== undefined) return JSON.stringify(node.const)
  if (node.items !== undefined) return `list of ${plural(typeOf(node.items))}`
  if (node.format === 'date-time') return 'time'
  return [node.type ?? 'anything']
    .flat()
    .map((type) => TYPES[type] ?? type)
    .join(' or ')
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  boolean: 'true or false',
}

function plural(type: string): string {
  return type.endsWith('s') ? type : `${type}s`
}

function withoutNull(node: Node): Node {
  const others = (node.anyOf ?? []).filter(({ type }) => type !== 'null')
  return others.length === 1 && others[0] !== undefined ? others[0] : node
}
