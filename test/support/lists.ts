import assert from 'node:assert/strict'
import { ListUnreachable } from '../../targets/aws-failures.js'
import { SyncError } from '../../core/errors.js'
import { keyFromDatabase } from '../../core/ids.js'
import type { Format, List, WrittenEntry } from '../../targets/list.js'

/** Ids and notes as a test names them. */
export type Pairs = readonly (readonly [id: string, note: string | null])[]

/** In batches that are smaller than a list, so that places where they meet are seen. */
export async function* batches(pairs: Pairs, size = 1000): AsyncGenerator<readonly WrittenEntry[]> {
  for (let from = 0; from < pairs.length; from += size) {
    await Promise.resolve()
    yield pairs.slice(from, from + size).map(([id, note]) => ({ key: keyFromDatabase([id]), note }))
  }
}

export async function writePairs(list: List, pairs: Pairs): Promise<void> {
  await list.write(batches(pairs))
}

export async function readPairs(list: List): Promise<Pairs> {
  const pairs: (readonly [string, string | null])[] = []
  for await (const batch of (await list.read()).entries) {
    for (const { key, note } of batch) pairs.push([key.join(' + '), note])
  }
  return pairs
}

/** What people are told, and that it is told as passing by itself or not. */
export async function refusal(of: Promise<unknown>, passing = false): Promise<SyncError> {
  let refused: unknown
  await of.catch((error: unknown) => (refused = error))
  assert.ok(refused instanceof SyncError, `expected a refusal, got ${String(refused)}`)
  assert.equal(refused instanceof ListUnreachable, passing, `${refused.code} ${refused.message}`)
  return refused
}

/** A line an entry, `id note`: what a place does to bytes shows without a form that people use. */
export const lines: Format = {
  read: (bytes, { columns }) => ({
    remarks: () => [],
    entries: (async function* () {
      let text = ''
      const decoder = new TextDecoder('utf-8', { fatal: true })
      for await (const chunk of bytes) {
        const whole = (text + decoder.decode(chunk, { stream: true })).split('\n')
        text = whole.pop() ?? ''
        yield whole.map((line, at) => {
          const [id = '', note] = line.split('\t')
          assert.equal(columns.length, 1)
          return { key: keyFromDatabase([id]), note: note ?? null, place: { line: at + 1, column: 1 } }
        })
      }
      assert.equal(text, '', 'the last line has an end')
    })(),
  }),
  write: async function* (entries) {
    for await (const batch of entries) {
      const text = batch.map(({ key, note }) => `${key.join()}${note === null ? '' : `\t${note}`}\n`)
      yield Buffer.from(text.join(''))
    }
  },
}

/** Variables of the process while a test runs; undefined is not set. */
export function withVariables(variables: Readonly<Record<string, string | undefined>>): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const)
  const set = (entries: readonly (readonly [string, string | undefined])[]): void => {
    for (const [name, value] of entries) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
  set(Object.entries(variables))
  return () => set(before)
}

/** The variables of the SDK, and none of this machine's own. */
export function awsVariables(
  endpoint: string,
  { accessKeyId, secretAccessKey }: { readonly accessKeyId: string; readonly secretAccessKey: string },
): () => void {
  return withVariables({
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: undefined,
    AWS_ENDPOINT_URL_DYNAMODB: undefined,
    AWS_REGION: 'us-east-1',
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_MAX_ATTEMPTS: '2',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  })
}
