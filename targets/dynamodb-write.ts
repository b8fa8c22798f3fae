import { setTimeout as delay } from 'node:timers/promises'
import type { WriteRequest } from '@aws-sdk/client-dynamodb'
import { SyncError } from '../core/errors.js'
import { ListUnreachable } from './aws-failures.js'
import { differences } from './dynamodb-differences.js'
import { type Item, keyOf, NOTE } from './dynamodb-read.js'
import { asked, type ItemTable } from './dynamodb-table.js'
import type { WrittenEntry } from './list.js'
import { inParallel } from './parallel.js'

/** What DynamoDB takes in one request, and how many requests are under way. */
const BATCH_ITEMS = 25
const WIDTH = 8

/**
 * Makes a table's items the entries, by writing what is different: first what is missing or has another note, then
 * what has to go, so that whoever reads meanwhile, or after a failure, misses nothing that is on both. Other
 * attributes of an item that stays are left as they are. Nothing is written before the last entry has come.
 *
 * DynamoDB has no transaction of that size: a failure leaves it written in part, and the next writing ends it.
 */
export async function writeItems(
  table: ItemTable,
  entries: AsyncIterable<readonly WrittenEntry[]>,
): Promise<void> {
  const { puts, updates, deletes } = await differences(table, entries)
  const of = puts.length + updates.length + deletes.length
  let done = 0
  const written = (count: number): number => (done += count)
  try {
    const put = ({ key, note }: WrittenEntry): WriteRequest => ({
      PutRequest: { Item: { ...keyOf(table, key), ...attributeOf(note) } },
    })
    await inParallel(requests(puts, put), WIDTH, (batch) => writeBatch(table, batch, written))
    await inParallel(updates, WIDTH, async (entry) => {
      await update(table, entry)
      written(1)
    })
    const remove = (item: Item): WriteRequest => ({ DeleteRequest: { Key: item } })
    await inParallel(requests(deletes, remove), WIDTH, (batch) => writeBatch(table, batch, written))
  } catch (error) {
    throw done === 0 ? error : inPart(error, done, of)
  }
}

/** Made when they are sent: a hundred thousand at a time would be larger than the list. */
function* requests<T>(
  items: readonly T[],
  request: (item: T) => WriteRequest,
): Generator<readonly WriteRequest[]> {
  for (let from = 0; from < items.length; from += BATCH_ITEMS) {
    yield items.slice(from, from + BATCH_ITEMS).map(request)
  }
}

/** How often a batch of which nothing is taken is sent again: about 20 s in all. */
const ATTEMPTS = 10

async function writeBatch(
  table: ItemTable,
  batch: readonly WriteRequest[],
  written: (count: number) => void,
): Promise<void> {
  const { client, name, about } = table
  let pending = [...batch]
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === ATTEMPTS) {
      throw new ListUnreachable(`${about.uri} cannot be written: the table takes no more items for now`, {
        remedy: 'Raise the capacity of the table, or let it be billed on demand.',
      })
    }
    if (attempt > 0) await delay(Math.random() * Math.min(5_000, 100 * 2 ** attempt))
    const request = { RequestItems: { [name]: pending } }
    const output = await asked(table, 'BatchWriteItem', 'written', () => client.batchWriteItem(request))
    const left = output.UnprocessedItems?.[name] ?? []
    written(pending.length - left.length)
    if (left.length < pending.length) attempt = 0
    pending = left
  }
}

async function update(table: ItemTable, { key, note }: WrittenEntry): Promise<void> {
  const { client, name } = table
  const request = {
    TableName: name,
    Key: keyOf(table, key),
    ExpressionAttributeNames: { '#note': NOTE },
    ...(note === null
      ? { UpdateExpression: 'REMOVE #note' }
      : { UpdateExpression: 'SET #note = :note', ExpressionAttributeValues: { ':note': { S: note } } }),
  }
  await asked(table, 'UpdateItem', 'written', () => client.updateItem(request))
}

function attributeOf(note: string | null): Item {
  return note === null ? {} : { [NOTE]: { S: note } }
}

function inPart(error: unknown, done: number, of: number): unknown {
  if (!(error instanceof SyncError)) return error
  const message = `${error.message}; ${done} of ${of} changes were written`
  const options = { remedy: `${error.remedy}\nThen write it again, which does the rest.`, cause: error.cause }
  return error instanceof ListUnreachable
    ? new ListUnreachable(message, options)
    : new SyncError(error.code, message, options)
}
