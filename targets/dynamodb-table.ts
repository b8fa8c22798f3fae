import type { DynamoDB, TableDescription } from '@aws-sdk/client-dynamodb'
import { SyncError } from '../core/errors.js'
import { explainAwsFailure, ListUnreachable } from './aws-failures.js'
import type { FormatOptions } from './list.js'

/** A table whose items are entries, and how to reach it. */
export interface ItemTable {
  readonly client: DynamoDB
  readonly region: string
  readonly name: string
  readonly about: FormatOptions
  /** The attributes of the id, in the order of the key's columns. */
  readonly attributes: readonly string[]
}

/** What the role has to be allowed to do to a table. */
type Action = 'DescribeTable' | 'Scan' | 'BatchWriteItem' | 'UpdateItem'

/**
 * Finds a table and checks that its key is the id.
 * @throws SyncError LIST_UNREADABLE, LIST_INVALID
 */
export async function openTable(
  client: DynamoDB,
  region: string,
  name: string,
  about: FormatOptions,
  doing: 'read' | 'written',
): Promise<ItemTable> {
  const table = { client, region, name, about }
  const { Table: description = {} } = await asked(table, 'DescribeTable', doing, () =>
    client.describeTable({ TableName: name }),
  )
  const { TableStatus: status } = description
  // UPDATING is every table whose capacity follows its load, and serves as ever.
  if (status !== 'ACTIVE' && status !== 'UPDATING') {
    const message = `${about.uri} cannot be ${doing}: the table is ${status ?? 'in no known state'}`
    if (status === 'CREATING') throw new ListUnreachable(message)
    throw new SyncError('LIST_UNREADABLE', message, { remedy: 'A table serves when it is ACTIVE.' })
  }
  const found = { ...table, attributes: keyAttributes(description, table) }
  await checkTypes(description, found)
  return found
}

/** Sends a question; a failure is told as what it means for the list. */
export async function asked<T>(
  { name, region, about }: Pick<ItemTable, 'name' | 'region' | 'about'>,
  action: Action,
  doing: 'read' | 'written',
  send: () => Promise<T>,
): Promise<T> {
  try {
    return await send()
  } catch (error) {
    throw explainAwsFailure(about.uri, doing, error, {
      ResourceNotFoundException: {
        why: `there is no table ${name} in ${region}`,
        remedy: `Check the name and AWS_REGION, or create it:\n${createTable(name, about.columns)}`,
      },
      AccessDeniedException: {
        why: 'access is denied',
        remedy: `Allow dynamodb:${action} on arn:aws:dynamodb:${region}:*:table/${name}.`,
      },
      ProvisionedThroughputExceededException: {
        why: 'it is asked for more than its capacity',
        remedy: 'Raise the capacity of the table, or let it be billed on demand.',
      },
    })
  }
}

function keyAttributes(
  { KeySchema: schema = [] }: TableDescription,
  { name, about: { uri, columns } }: Pick<ItemTable, 'name' | 'about'>,
): readonly string[] {
  const there = schema.flatMap(({ AttributeName: attribute }) => attribute ?? [])
  const wanted = columns.map((column) =>
    !there.includes(column) && columns.length === 1 && there.includes('id') ? 'id' : column,
  )
  if (there.length === wanted.length && wanted.every((attribute) => there.includes(attribute))) return wanted
  const needed = columns.length === 1 ? `${columns.join()} or id` : columns.join(' and ')
  const message = `${uri} cannot be a list: its items have the key ${there.join(' and ')}; the id is ${needed}`
  const remedy =
    columns.length > 2
      ? 'A table of DynamoDB has keys of one or two attributes. Keep the list in a file or in S3.'
      : `Make a table for the list:\n${createTable(`${name}-list`, columns)}`
  throw new SyncError('LIST_INVALID', message, { remedy })
}

/** Numbers are kept by their value: 007 is the same as 7, and which it was nobody can tell. */
async function checkTypes(description: TableDescription, table: ItemTable): Promise<void> {
  const { attributes, about, name } = table
  const definitions = description.AttributeDefinitions ?? []
  const other = definitions.find(
    ({ AttributeName: attribute = '', AttributeType: type }) =>
      type !== 'S' && attributes.includes(attribute),
  )
  if (other?.AttributeName === undefined) return
  const example = other.AttributeType === 'N' ? await exampleOf(table, other.AttributeName) : ''
  const what =
    other.AttributeType === 'N'
      ? `a number (N), which has no leading zeros: 007 is kept as 7${example}`
      : `of type ${other.AttributeType ?? 'unknown'}`
  throw new SyncError('LIST_INVALID', `${about.uri} cannot be a list: ${other.AttributeName} is ${what}`, {
    remedy: `Make a table where it is a string (S), fill it from where the ids come from, and name it instead:\n${createTable(`${name}-list`, about.columns)}`,
  })
}

async function exampleOf({ client, name }: ItemTable, attribute: string): Promise<string> {
  try {
    const { Items: items } = await client.scan({ TableName: name, Limit: 1 })
    const number = items?.[0]?.[attribute]?.N
    return number === undefined ? '' : `; the first is ${number}`
  } catch {
    return ''
  }
}

function createTable(name: string, columns: readonly string[]): string {
  const definitions = columns.map((column) => `AttributeName=${column},AttributeType=S`)
  const schema = columns.map((column, at) => `AttributeName=${column},KeyType=${at === 0 ? 'HASH' : 'RANGE'}`)
  return [
    `aws dynamodb create-table --table-name ${name} --billing-mode PAY_PER_REQUEST`,
    `--attribute-definitions ${definitions.join(' ')} --key-schema ${schema.join(' ')}`,
  ].join(' ')
}
