import { basename, extname } from 'node:path'

const FORMATS = ['yaml', 'csv', 'xlsx'] as const
export type Format = (typeof FORMATS)[number]

/** The name of a file that a browser gave, without its folder; undefined where it is no list by its name. */
export function listName(given: string): { readonly name: string; readonly format: Format } | undefined {
  const name = basename(given.replaceAll('\\', '/'))
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, '')
    .slice(-MOST)
  const extension = extname(name).slice(1).toLowerCase()
  const format = FORMATS.find((one) => one === (extension === 'yml' ? 'yaml' : extension))
  return format === undefined ? undefined : { name, format }
}

const MOST = 200
