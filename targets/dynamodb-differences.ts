import { SyncError } from '../core/errors.js'
import { formatKey } from '../core/ids.js'
import { idOf, type Item, keyOf, NOTE, scan } from './dynamodb-read.js'
import type { ItemTable } from './dynamodb-table.js'
import { checkWritable } from './entry.js'
import type { WrittenEntry } from './list.js'

/** DynamoDB's own bounds, in bytes: of a partition key, of a sort key, and of an item with its names. */
const KEY_BYTES = [2048, 1024] as const
const ITEM_BYTES = 400_000

/** What makes a table's items the entries. */
interface Differences {
  readonly puts: readonly WrittenEntry[]
  readonly updates: readonly WrittenEntry[]
  readonly deletes: readonly Item[]
}

/** Keeps the difference in memory, and the ids and notes that are there: some 300 bytes each. */
export async function differences(
  table: ItemTable,
  entries: AsyncIterable<readonly WrittenEntry[]>,
): Promise<Differences> {
  const { uri } = table.about
  const there = new Map<string, string | null | undefined>()
  for await (const items of scan(table, 'written')) {
    // A note that is no text is no note of ours: undefined, and so another one than is wanted.
    for (const item of items) there.set(JSON.stringify(idOf(table, item)), item[NOTE] ? item[NOTE].S : null)
  }
  const puts: WrittenEntry[] = []
  const updates: WrittenEntry[] = []
  const seen = new Set<string>()
  for await (const batch of entries) {
    for (const entry of batch) {
      checkWritable(uri, entry)
      checkSize(uri, entry)
      const id = JSON.stringify(entry.key)
      if (seen.has(id)) throw refused(uri, entry, 'is there twice')
      seen.add(id)
      if (!there.has(id)) puts.push(entry)
      else if (there.get(id) !== entry.note) updates.push(entry)
      there.delete(id)
    }
  }
  const deletes = [...there.keys()].map((id) => keyOf(table, JSON.parse(id) as readonly string[]))
  return { puts, updates, deletes }
}

/** Refused before anything is written, and not by DynamoDB in the middle of it. */
function checkSize(uri: string, entry: WrittenEntry): void {
  const sizes = entry.key.map((value) => Buffer.byteLength(value))
  if (sizes.some((size, at) => size > (KEY_BYTES[at] ?? 0))) {
    throw refused(
      uri,
      entry,
      `has an id that is longer than DynamoDB takes: ${KEY_BYTES.join(' and ')} bytes`,
    )
  }
  if (sizes.reduce((sum, size) => sum + size, Buffer.byteLength(entry.note ?? '')) > ITEM_BYTES) {
    throw refused(uri, entry, `is longer than an item of DynamoDB may be: ${ITEM_BYTES} bytes`)
  }
}

function refused(uri: string, { key }: WrittenEntry, why: string): SyncError {
  return new SyncError('LIST_INVALID', `${uri} was not written: the entry ${formatKey(key)} ${why}`)
}
