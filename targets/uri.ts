import { extname } from 'node:path'
import { SyncError } from '../core/errors.js'

export type FormatName = 'yaml' | 'csv' | 'xlsx'

/** What a list's URI says. */
export type ListUri =
  | { readonly kind: 'file'; readonly path: string; readonly format: FormatName }
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string; readonly format: FormatName }
  | { readonly kind: 'dynamodb'; readonly table: string }

const FORMATS: ReadonlyMap<string, FormatName> = new Map([
  ['.yaml', 'yaml'],
  ['.yml', 'yaml'],
  ['.csv', 'csv'],
  ['.xlsx', 'xlsx'],
])

/** @throws SyncError LIST_URI_INVALID */
export function parseListUri(text: string): ListUri {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//iu.exec(text)?.[1]?.toLowerCase()
  if (text === '' || text.includes('\0')) throw invalid(text, 'is not a name')
  switch (scheme) {
    case undefined:
      return { kind: 'file', path: text, format: formatOf(text, text) }
    case 's3':
      return parseS3(text)
    case 'dynamodb': {
      const table = text.slice('dynamodb://'.length)
      if (!/^[\w.-]{3,255}$/u.test(table)) throw invalid(text, 'names no table: dynamodb://TABLE')
      return { kind: 'dynamodb', table }
    }
    default:
      throw invalid(text, `begins with ${scheme}://, which is no place of a list`)
  }
}

function parseS3(text: string): ListUri {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(.+)$/isu.exec(text)
  const [, bucket, key] = match ?? []
  if (bucket === undefined || key === undefined)
    throw invalid(text, 'names no bucket and key: s3://BUCKET/KEY')
  return { kind: 's3', bucket, key, format: formatOf(text, key) }
}

function formatOf(text: string, path: string): FormatName {
  const extension = extname(path).toLowerCase()
  const format = FORMATS.get(extension)
  if (format !== undefined) return format
  const known = [...FORMATS.keys()].join(', ')
  throw invalid(text, `ends with ${extension === '' ? 'no extension' : extension}; known are ${known}`)
}

function invalid(text: string, why: string): SyncError {
  return new SyncError('LIST_URI_INVALID', `${JSON.stringify(text)} ${why}`)
}
