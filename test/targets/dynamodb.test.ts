import assert from 'node:assert/strict'
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type ScalarAttributeType,
} from '@aws-sdk/client-dynamodb'
import { keyFromDatabase } from '../../core/ids.js'
import type { List } from '../../targets/list.js'
import { openList } from '../../targets/open.js'
import { type DynamoDbServer, startDynamoDb } from '../support/dynamodb-server.js'
import { until } from '../support/gates.js'
import { type Front, startFront, type Treatment } from '../support/http-front.js'
import {
  awsVariables,
  batches,
  type Pairs,
  readPairs,
  refusal,
  withVariables,
  writePairs,
} from '../support/lists.js'

const PAIRS: Pairs = [
  ['0123456', '導入予定'],
  ['1e3', null],
  ['１２３', '髙﨑医院 🏥'],
  ['AB-12', 'a "note", with=everything'],
  ['007', null],
]

const sorted = (pairs: Pairs): Pairs => [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))

function refused(name: string): Treatment {
  const body = JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${name}`, message: 'no' })
  return { answer: 400, body, type: 'application/x-amz-json-1.0' }
}

const answered = (body: unknown): Treatment => ({
  answer: 200,
  body: JSON.stringify(body),
  type: 'application/x-amz-json-1.0',
})

const BUSY = refused('ProvisionedThroughputExceededException')

describe('a list in DynamoDB', () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' }
  let server: DynamoDbServer
  let front: Front
  let client: DynamoDBClient
  let restore: () => void
  let tables = 0
  before(async () => {
    server = await startDynamoDb()
  })
  after(() => server.stop())
  beforeEach(async () => {
    front = await startFront(server.url)
    restore = awsVariables(front.url, credentials)
    client = new DynamoDBClient({ endpoint: server.url, region: 'us-east-1', credentials })
  })
  afterEach(async () => {
    restore()
    client.destroy()
    await front.close()
  })

  const open = (table: string, columns: readonly string[] = ['medical_id']): List =>
    openList(`dynamodb://${table}`, { columns, folder: '/' })

  /** A new table with this key. */
  async function table(key: readonly string[], type: ScalarAttributeType = 'S'): Promise<string> {
    const name = `list-${++tables}`
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: key.map((attribute) => ({ AttributeName: attribute, AttributeType: type })),
        KeySchema: key.map((attribute, at) => ({
          AttributeName: attribute,
          KeyType: at === 0 ? 'HASH' : 'RANGE',
        })),
      }),
    )
    await until(`table ${name}`, async () => {
      const { Table: made } = await client.send(new DescribeTableCommand({ TableName: name }))
      return made?.TableStatus === 'ACTIVE'
    })
    return name
  }

  const put = async (name: string, item: PutItemCommand['input']['Item']): Promise<void> => {
    await client.send(new PutItemCommand({ TableName: name, Item: item }))
  }

  it('comes back exactly as it was written', async () => {
    for (const attribute of ['id', 'medical_id']) {
      const list = open(await table([attribute]))
      await writePairs(list, PAIRS)
      assert.deepEqual(sorted(await readPairs(list)), sorted(PAIRS))
    }
  })

  it('has ids of two columns as partition and sort key', async () => {
    const list = open(await table(['branch', 'code']), ['code', 'branch'])
    const entry = { key: keyFromDatabase(['001', '大阪']), note: '本院' }
    await list.write(
      (async function* () {
        await Promise.resolve()
        yield [entry]
      })(),
    )
    assert.deepEqual(await readPairs(list), [['001 + 大阪', '本院']])
  })

  it('of 10,000 is read page by page, each id once', async () => {
    const list = open(await table(['id']))
    const many: Pairs = Array.from({ length: 10_000 }, (_, at) => [`0${at}`, `${at} `.repeat(150)] as const)
    await writePairs(list, many)
    const before = front.asked.length
    assert.deepEqual(sorted(await readPairs(list)), sorted(many))
    const pages = front.asked.slice(before).filter(({ target }) => target === 'Scan')
    assert.ok(pages.length >= 8, `${pages.length} pages`)
    assert.ok(pages.every(({ body }) => body.includes('"ConsistentRead":true')))
  })

  it('is written by its differences, and keeps what else an item has', async () => {
    const name = await table(['id'])
    const list = open(name)
    await writePairs(list, PAIRS)
    await put(name, { id: { S: '007' }, note: { S: 'old' }, owner: { S: '営業' } })
    const before = front.asked.length
    const next: Pairs = [['007', 'new'], ['0123456', null], ...PAIRS.slice(1, 3), ['NEW-1', 'x']]
    await writePairs(list, next)
    assert.deepEqual(sorted(await readPairs(list)), sorted(next))
    const targets = front.asked.slice(before).map(({ target }) => target)
    assert.equal(targets.filter((target) => target === 'UpdateItem').length, 2)
    assert.equal(targets.filter((target) => target === 'BatchWriteItem').length, 2)
    const { Item: item } = await client.send(
      new GetItemCommand({ TableName: name, Key: { id: { S: '007' } } }),
    )
    assert.deepEqual(item, { id: { S: '007' }, note: { S: 'new' }, owner: { S: '営業' } })
  })

  it('that has not changed is read and nothing is written', async () => {
    const list = open(await table(['id']))
    await writePairs(list, PAIRS)
    const before = front.asked.length
    await writePairs(list, PAIRS)
    assert.deepEqual(
      front.asked.slice(before).map(({ target }) => target),
      ['DescribeTable', 'Scan'],
    )
  })

  it('is not begun to be written where its entries fail, are there twice, or too long', async () => {
    const list = open(await table(['id']))
    await writePairs(list, PAIRS)
    const failing = async function* () {
      yield* batches([['another', null]])
      throw new Error('the ledger went away')
    }
    await assert.rejects(list.write(failing()), /the ledger went away/u)
    const twice = await refusal(writePairs(list, [...PAIRS, ['007', 'again']]))
    assert.match(twice.message, /the entry 007 is there twice/u)
    assert.match((await refusal(writePairs(list, [['9'.repeat(2049), null]]))).message, /2048/u)
    assert.match((await refusal(writePairs(list, [['9', 'x'.repeat(400_001)]]))).message, /400000/u)
    assert.deepEqual(sorted(await readPairs(list)), sorted(PAIRS))
  })

  it('with ids that are numbers is refused, since their zeros are gone', async () => {
    const name = await table(['id'], 'N')
    await put(name, { id: { N: '007' } })
    const numbers = await refusal(open(name).read())
    assert.equal(numbers.code, 'LIST_INVALID')
    assert.match(numbers.message, /id is a number \(N\).*007 is kept as 7; the first is 7/u)
    assert.match(numbers.remedy, /aws dynamodb create-table .*AttributeName=medical_id,AttributeType=S/u)
  })

  it('whose key is another than the id is refused', async () => {
    assert.match((await refusal(open(await table(['pk'])).read())).message, /the id is medical_id or id/u)
    const sort = await refusal(open(await table(['id', 'since'])).read())
    assert.match(sort.message, /its items have the key id and since/u)
    const three = await refusal(open(await table(['a', 'b']), ['a', 'b', 'c']).read())
    assert.match(three.remedy, /one or two attributes/u)
  })

  it('takes an empty note for none, and names the item whose note is no text', async () => {
    const name = await table(['id'])
    await put(name, { id: { S: '1' }, note: { S: '' } })
    await put(name, { id: { S: '2' }, note: { NULL: true } })
    const list = open(name)
    assert.deepEqual(sorted(await readPairs(list)), [
      ['1', null],
      ['2', null],
    ])
    await put(name, { id: { S: '3' }, note: { N: '5' } })
    const number = await refusal(readPairs(list))
    assert.equal(number.code, 'LIST_INVALID')
    assert.match(number.message, /dynamodb:\/\/list-\d+ item \d \(3\) has a note of type N/u)
    await writePairs(list, [['3', 'five']])
    assert.deepEqual(await readPairs(list), [['3', 'five']])
  })

  it('is told by its name where the table is missing, denied or not ready', async () => {
    const missing = await refusal(open('nowhere').read())
    assert.match(
      missing.message,
      /^dynamodb:\/\/nowhere cannot be read: there is no table nowhere in us-east-1/u,
    )
    assert.match(missing.remedy, /aws dynamodb create-table --table-name nowhere/u)
    const name = await table(['id'])
    const list = open(name)
    front.treat(({ target }) => (target === 'Scan' ? refused('AccessDeniedException') : undefined))
    assert.match(
      (await refusal(readPairs(list))).remedy,
      /Allow dynamodb:Scan on arn:aws:dynamodb:us-east-1:\*/u,
    )
    front.treat(() => answered({ Table: { TableStatus: 'CREATING' } }))
    assert.match((await refusal(list.read(), true)).message, /the table is CREATING/u)
    front.treat(() => answered({ Table: { TableStatus: 'ARCHIVED' } }))
    await refusal(list.read())
    front.treat(() => refused('UnrecognizedClientException'))
    assert.match((await refusal(list.read())).message, /the credentials are not accepted/u)
    const nowhere = withVariables({ AWS_REGION: undefined })
    assert.match((await refusal(list.read())).message, /no AWS region is set/u)
    nowhere()
  })

  it('waits where the table is busy, and in the end says so', async () => {
    const list = open(await table(['id']))
    await writePairs(list, PAIRS)
    let refusals = 1
    front.treat(() => (refusals-- > 0 ? BUSY : undefined))
    assert.deepEqual(sorted(await readPairs(list)), sorted(PAIRS))
    front.treat(({ target }) => (target === 'Scan' ? BUSY : undefined))
    assert.match((await refusal(readPairs(list), true)).message, /it is asked for more than its capacity/u)
    front.treat(() => ({ answer: 500, body: '{}', type: 'application/x-amz-json-1.0' }))
    await refusal(readPairs(list), true)
  })

  it('asks again for a page that broke off, and in the end says so', async () => {
    const list = open(await table(['id']))
    await writePairs(list, PAIRS)
    let cuts = 1
    front.treat(({ target }) => (target === 'Scan' && cuts-- > 0 ? { cutAfter: 100 } : undefined))
    assert.deepEqual(sorted(await readPairs(list)), sorted(PAIRS))
    front.treat(({ target }) => (target === 'Scan' ? { cutAfter: 100 } : undefined))
    await refusal(readPairs(list), true)
  })

  it('sends again what a busy table has not taken', async () => {
    const name = await table(['id'])
    const list = open(name)
    let refusals = 2
    front.treat(({ target, body }) => {
      if (target !== 'BatchWriteItem' || refusals-- <= 0) return undefined
      const { RequestItems: unprocessed } = JSON.parse(body) as { readonly RequestItems: unknown }
      return answered({ UnprocessedItems: unprocessed })
    })
    await writePairs(list, PAIRS)
    assert.deepEqual(sorted(await readPairs(list)), sorted(PAIRS))
  })

  it('written in part says how far, and the next writing ends it', async () => {
    const list = open(await table(['id']))
    await writePairs(list, [['gone', null], ...PAIRS.slice(0, 2)])
    const next: Pairs = [['1e3', 'changed'], ...PAIRS.slice(2)]
    front.treat(({ target }) => (target === 'UpdateItem' ? refused('AccessDeniedException') : undefined))
    const part = await refusal(writePairs(list, next))
    assert.match(part.message, /access is denied .*; 3 of 6 changes were written/u)
    assert.match(part.remedy, /Allow dynamodb:UpdateItem.*\nThen write it again/u)
    assert.equal((await readPairs(list)).length, 6)
    front.treat(() => undefined)
    await writePairs(list, next)
    assert.deepEqual(sorted(await readPairs(list)), sorted(next))
  })
})
