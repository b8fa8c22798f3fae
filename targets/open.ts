import { resolve } from 'node:path'
import { dynamoDbList } from './dynamodb.js'
import { fileList } from './file.js'
import { FORMATS } from './formats.js'
import type { List } from './list.js'
import { s3List } from './s3.js'
import { parseListUri } from './uri.js'

export interface ListOptions {
  /** The names of the key's columns, in order. */
  readonly columns: readonly string[]
  /** What the path of a file is relative to. */
  readonly folder: string
  /** What a file is called instead of its path, wherever that is written down or told. */
  readonly name?: string
}

/**
 * The list that a URI names. Nothing is read yet.
 * @throws SyncError LIST_URI_INVALID
 */
export function openList(uri: string, { columns, folder, name = uri }: ListOptions): List {
  const place = parseListUri(uri)
  const about = { uri: name, columns }
  switch (place.kind) {
    case 'file':
      return fileList(resolve(folder, place.path), FORMATS[place.format], about)
    case 's3':
      return s3List(place, FORMATS[place.format], about)
    case 'dynamodb':
      return dynamoDbList(place.table, about)
  }
}
