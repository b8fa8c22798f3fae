import type { AttributeValue, ScanCommandInput, ScanCommandOutput } from '@aws-sdk/client-dynamodb'
import { formatKey } from '../core/ids.js'
import type { ListEntry, Place } from '../core/target-list.js'
import { asked, type ItemTable } from './dynamodb-table.js'
import { entryOf, invalid } from './entry.js'
import { BATCH, type FormatOptions } from './list.js'

/** An item as it is kept. */
export type Item = Readonly<Record<string, AttributeValue>>

export const NOTE = 'note'

/** A page has 1 MB at most; while one is taken the next is on its way, and no more. */
export async function* scan(table: ItemTable, doing: 'read' | 'written'): AsyncGenerator<readonly Item[]> {
  let next: Promise<ScanCommandOutput> | undefined = pageBehind(table, doing, undefined)
  while (next !== undefined) {
    const { Items: items = [], LastEvaluatedKey: behind }: ScanCommandOutput = await next
    next = behind === undefined ? undefined : pageBehind(table, doing, behind)
    // Whoever takes the items may stop before it is waited for.
    next?.catch(() => undefined)
    if (items.length > 0) yield items
  }
}

function pageBehind(
  table: ItemTable,
  doing: 'read' | 'written',
  behind: Item | undefined,
): Promise<ScanCommandOutput> {
  const { client, name, attributes } = table
  const names = Object.fromEntries([...attributes, NOTE].map((attribute, at) => [`#${at}`, attribute]))
  const question: ScanCommandInput = {
    TableName: name,
    // Half the speed for the price, but what was put in a moment ago is there.
    ConsistentRead: true,
    ProjectionExpression: Object.keys(names).join(', '),
    ExpressionAttributeNames: names,
    ExclusiveStartKey: behind,
  }
  return asked(table, 'Scan', doing, () => client.scan(question))
}

/**
 * @throws SyncError LIST_UNREADABLE, LIST_INVALID, while the entries are taken
 */
export async function* readItems(table: ItemTable): AsyncGenerator<readonly ListEntry[]> {
  const { about } = table
  let number = 0
  for await (const items of scan(table, 'read')) {
    const entries = items.map((item) => {
      const place = { line: ++number, column: 0 }
      const values = idOf(table, item)
      return entryOf(values, noteOf(item[NOTE], about, place, values), place, about)
    })
    for (let from = 0; from < entries.length; from += BATCH) yield entries.slice(from, from + BATCH)
  }
}

/** An item's id as it stands: the key's attributes are strings in every item. */
export function idOf({ attributes }: ItemTable, item: Item): readonly string[] {
  return attributes.map((attribute) => item[attribute]?.S ?? '')
}

/** The key of the item that an id has. */
export function keyOf({ attributes }: ItemTable, values: readonly string[]): Item {
  return Object.fromEntries(attributes.map((attribute, at) => [attribute, { S: values[at] ?? '' }]))
}

function noteOf(
  value: AttributeValue | undefined,
  { uri }: FormatOptions,
  place: Place,
  id: readonly string[],
): string | null {
  if (value === undefined || value.NULL === true) return null
  if (value.S !== undefined) return value.S
  const type = Object.keys(value).join()
  throw invalid(uri, place, `(${formatKey(id)}) has a ${NOTE} of type ${type}; it must be a string (S)`)
}
