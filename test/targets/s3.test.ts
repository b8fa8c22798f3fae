import assert from 'node:assert/strict'
import { open as openFile, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import type { Format, List } from '../../targets/list.js'
import { openList } from '../../targets/open.js'
import { s3List } from '../../targets/s3.js'
import { parseListUri } from '../../targets/uri.js'
import { type Front, startFront, type Treatment } from '../support/http-front.js'
import {
  awsVariables,
  batches,
  lines,
  type Pairs,
  readPairs,
  refusal,
  withVariables,
  writePairs,
} from '../support/lists.js'
import { type S3Server, startS3 } from '../support/s3-server.js'

const PAIRS: Pairs = [
  ['0123456', '導入予定'],
  ['1e3', null],
  ['１２３', '髙﨑医院 🏥'],
  ['AB-12', 'a "note", with=everything'],
  ['0x1F', null],
]

const SLOW_DOWN: Treatment = {
  answer: 503,
  body: '<Error><Code>SlowDown</Code><Message>Reduce.</Message></Error>',
}

/** Enough to come in many pieces. */
const MANY: Pairs = Array.from({ length: 50_000 }, (_, at) => [`0${at}`, `note ${at}`] as const)

describe('a list in S3', function () {
  let server: S3Server
  let front: Front
  let client: S3Client
  let restore: () => void
  before(async function () {
    // Where the server is not there yet, it is built.
    this.timeout(20 * 60_000)
    server = await startS3(['lists'])
  })
  after(() => server.stop())
  beforeEach(async () => {
    front = await startFront(server.url)
    restore = awsVariables(front.url, server.owner)
    client = new S3Client({ endpoint: server.url, forcePathStyle: true, credentials: server.owner })
  })
  afterEach(async () => {
    restore()
    client.destroy()
    await front.close()
  })

  function open(uri: string, format: Format = lines): List {
    const place = parseListUri(uri)
    assert.ok(place.kind === 's3')
    return s3List(place, format, { uri, columns: ['id'] })
  }

  const put = async (key: string, body: string): Promise<void> => {
    await client.send(new PutObjectCommand({ Bucket: 'lists', Key: key, Body: body }))
  }

  it('comes back exactly as it was written, with its type', async () => {
    const list = open('s3://lists/部門 A/ids (1).csv')
    await writePairs(list, PAIRS)
    assert.deepEqual(await readPairs(list), PAIRS)
    const head = await client.send(new HeadObjectCommand({ Bucket: 'lists', Key: '部門 A/ids (1).csv' }))
    assert.equal(head.ContentType, 'text/csv; charset=utf-8')
  })

  it('of every form comes back exactly', async () => {
    for (const form of ['yaml', 'csv', 'xlsx']) {
      const list = openList(`s3://lists/forms.${form}`, { columns: ['medical_id'], folder: '/' })
      await writePairs(list, PAIRS)
      assert.deepEqual(await readPairs(list), PAIRS, form)
    }
  })

  it('in YAML keeps its comments when it is written again', async () => {
    const list = openList('s3://lists/comments.yaml', { columns: ['medical_id'], folder: '/' })
    await put('comments.yaml', '# 営業部\nsync_targets:\n  - medical_id: 007 # opens in May\n')
    await writePairs(list, [['007', 'new'], ...PAIRS])
    const { Body: body } = await client.send(new GetObjectCommand({ Bucket: 'lists', Key: 'comments.yaml' }))
    assert.match((await body?.transformToString()) ?? '', /^# 営業部\n[^]*# opens in May/u)
    assert.deepEqual(await readPairs(list), [['007', 'new'], ...PAIRS])
  })

  it('replaces what was there, also by nothing', async () => {
    const list = open('s3://lists/replaced.yaml')
    await writePairs(list, PAIRS)
    await writePairs(list, PAIRS.slice(1, 2))
    assert.deepEqual(await readPairs(list), PAIRS.slice(1, 2))
    await writePairs(list, [])
    assert.deepEqual(await readPairs(list), [])
  })

  it('is told by its name where the bucket or the object is missing', async () => {
    const bucket = await refusal(open('s3://elsewhere/ids.csv').read())
    assert.equal(bucket.code, 'LIST_UNREADABLE')
    assert.match(bucket.message, /^s3:\/\/elsewhere\/ids\.csv cannot be read: there is no bucket elsewhere/u)
    assert.match(
      (await refusal(writePairs(open('s3://elsewhere/ids.csv'), PAIRS))).message,
      /cannot be written/u,
    )
    const object = await refusal(open('s3://lists/missing.csv').read())
    assert.match(object.message, /the bucket lists has no object missing\.csv/u)
    assert.match(object.remedy, /aws s3 ls s3:\/\/lists\//u)
  })

  it('that may not be read or written says what to allow', async () => {
    const list = open('s3://lists/denied.csv')
    await writePairs(list, PAIRS)
    restore()
    restore = awsVariables(front.url, server.stranger)
    const read = await refusal(list.read())
    assert.match(read.message, /access is denied \(AccessDenied, 403\)/u)
    assert.match(read.remedy, /Allow s3:GetObject on arn:aws:s3:::lists\/denied\.csv/u)
    assert.match((await refusal(writePairs(list, []))).remedy, /Allow s3:PutObject/u)
    restore()
    restore = awsVariables(front.url, { ...server.owner, secretAccessKey: 'wrong' })
    assert.match((await refusal(list.read())).message, /the credentials are not accepted/u)
  })

  it('says what is missing where nothing is set up', async () => {
    const list = open('s3://lists/ids.csv')
    const unset = withVariables({ AWS_ACCESS_KEY_ID: undefined })
    assert.match((await refusal(list.read())).message, /there are no credentials/u)
    unset()
    const nowhere = withVariables({ AWS_REGION: undefined })
    assert.match((await refusal(list.read())).message, /no AWS region is set/u)
    nowhere()
    const elsewhere = withVariables({ AWS_REGION: 'eu-west-1' })
    assert.match((await refusal(list.read())).remedy, /Set AWS_REGION/u)
    elsewhere()
    const off = withVariables({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' })
    assert.match((await refusal(list.read(), true)).message, /ECONNREFUSED/u)
    off()
  })

  it('is refused where it is larger than lists are', async () => {
    const file = await openFile(join(server.data, 'lists', 'huge.csv'), 'w')
    await file.truncate(200_000_001)
    await file.close()
    const list = open('s3://lists/huge.csv')
    assert.match((await refusal(list.read())).message, /has 200000001 bytes; lists have 200000000 at most/u)
  })

  it('is read on where its connection breaks off', async () => {
    const list = open('s3://lists/cut.csv')
    await writePairs(list, MANY)
    let cuts = 2
    front.treat(() => (cuts-- > 0 ? { cutAfter: 300_000 } : undefined))
    assert.deepEqual(await readPairs(list), MANY)
    const ranges = front.asked.filter(({ method }) => method === 'GET').map(({ range }) => range)
    assert.equal(ranges.length, 3)
    assert.deepEqual([ranges[0], ranges[1]], ['', 'bytes=300000-'])
  })

  it('is refused where its connection breaks off every time', async () => {
    const list = open('s3://lists/cut-always.csv')
    await writePairs(list, MANY)
    front.treat(() => ({ cutAfter: 1000 }))
    assert.match((await refusal(readPairs(list), true)).message, /broke off after 6000 of \d+ bytes/u)
  })

  it('is refused where what arrives is not what was put there', async () => {
    const list = open('s3://lists/damaged.csv')
    await writePairs(list, PAIRS)
    const file = join(server.data, 'lists', 'damaged.csv')
    await writeFile(file, (await readFile(file, 'utf8')).replace('0123456', '0123457'))
    assert.match((await refusal(readPairs(list), true)).message, /arrived damaged/u)
  })

  it('is refused where it changes while it is read', async () => {
    const list = open('s3://lists/changed.csv')
    await writePairs(list, MANY)
    let first = true
    front.treat(() => {
      if (!first) return undefined
      first = false
      return { cutAfter: 300_000, then: () => put('changed.csv', '99999\tanother\n'.repeat(60_000)) }
    })
    assert.match((await refusal(readPairs(list), true)).message, /was changed while it was read/u)
  })

  it('waits where the server asks to slow down, and in the end says so', async () => {
    const list = open('s3://lists/busy.csv')
    await writePairs(list, PAIRS)
    let refusals = 1
    front.treat(() => (refusals-- > 0 ? SLOW_DOWN : undefined))
    assert.deepEqual(await readPairs(list), PAIRS)
    front.treat(() => SLOW_DOWN)
    const busy = await refusal(list.read(), true)
    assert.match(busy.message, /fewer requests at a time \(SlowDown, 503\)/u)
    await refusal(writePairs(list, []), true)
    front.treat(() => undefined)
    assert.deepEqual(await readPairs(list), PAIRS)
  })

  it('is written whole where it has several parts, or not at all', async () => {
    const list = open('s3://lists/large.csv')
    const note = '長い備考'.repeat(100)
    const large: Pairs = Array.from({ length: 15_000 }, (_, at) => [`${at}`, note] as const)
    await writePairs(list, large)
    assert.ok(front.asked.some(({ path }) => path.includes('partNumber=3')))
    assert.deepEqual(await readPairs(list), large)

    const failing = async function* () {
      yield* batches(large.slice(0, 12_000))
      throw new Error('the ledger went away')
    }
    await assert.rejects(list.write(failing()), /the ledger went away/u)
    assert.deepEqual(await readPairs(list), large)
    const { Uploads: uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: 'lists' }))
    assert.deepEqual(uploads ?? [], [])
  })

  it('that people edit by hand is not overwritten where somebody else was faster', async () => {
    const keeping: Format = {
      ...lines,
      write: async function* (entries, about, before) {
        for await (const chunk of before ?? []) yield chunk
        yield* lines.write(entries, about, null)
        await put('edited.yaml', 'other\n')
      },
    }
    const list = open('s3://lists/edited.yaml', keeping)
    for (const there of [null, 'before\n']) {
      if (there !== null) await put('edited.yaml', there)
      assert.match(
        (await refusal(writePairs(list, PAIRS), true)).message,
        /was changed while it was written/u,
      )
      assert.deepEqual(await readPairs(list), [['other', null]])
    }
  })
})
