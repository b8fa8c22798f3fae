import { SyncError } from '../core/errors.js'
import { bounds, regionOf } from './aws.js'
import { readItems } from './dynamodb-read.js'
import { openTable, type ItemTable } from './dynamodb-table.js'
import { writeItems } from './dynamodb-write.js'
import type { FormatOptions, List } from './list.js'

/**
 * A list in a table of DynamoDB: its key attributes hold the id, `note` the note.
 *
 * A reading is no snapshot: an id that is put in or taken out meanwhile may be in it or not. Every id that is there
 * from beginning to end is in it once.
 */
export function dynamoDbList(table: string, about: FormatOptions): List {
  const { uri } = about
  return {
    uri,
    read: async () => {
      const opened = await connect(table, about, 'read')
      return { entries: closing(opened, readItems(opened)), remarks: () => [] }
    },
    write: async (entries) => {
      const opened = await connect(table, about, 'written')
      try {
        await writeItems(opened, entries)
      } finally {
        opened.client.destroy()
      }
    },
  }
}

async function connect(table: string, about: FormatOptions, doing: 'read' | 'written'): Promise<ItemTable> {
  // Most of a second, which only those spend who have such a list.
  const { DynamoDB } = await import('@aws-sdk/client-dynamodb')
  const client = new DynamoDB(bounds())
  try {
    const region = await regionOf(client)
    if (region !== null) return await openTable(client, region, table, about, doing)
    throw new SyncError('LIST_UNREADABLE', `${about.uri} cannot be looked for: no AWS region is set`, {
      remedy: 'Set AWS_REGION to the region of the table.',
    })
  } catch (error) {
    client.destroy()
    throw error
  }
}

async function* closing<T>({ client }: ItemTable, batches: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* batches
  } finally {
    client.destroy()
  }
}
