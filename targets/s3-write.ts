import { SyncError } from '../core/errors.js'
import { explainAwsFailure, readAwsFailure } from './aws-failures.js'
import { MAX_BYTES } from './list.js'
import { bytesOf, changed, meanings, openObject, type S3Place } from './s3-read.js'
import type { FormatName } from './uri.js'

const CONTENT_TYPES = {
  yaml: 'application/yaml',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Readonly<Record<FormatName, string>>

/** What is sent at once, and held in memory; an object of several parts is there when the last has come, or never. */
const PART = 8 * 1024 * 1024

interface Condition {
  readonly IfMatch?: string
  readonly IfNoneMatch?: string
}

/** Puts an object in the place of what is there, whole or not at all. */
export async function writeObject(
  place: S3Place,
  format: FormatName,
  write: (before: AsyncIterable<Uint8Array> | null) => AsyncIterable<Uint8Array>,
): Promise<void> {
  // Of the other formats nothing is kept: what is there is not asked for, and a right to write will do.
  const before = format === 'yaml' ? await whatIsThere(place) : undefined
  const object = { Bucket: place.bucket, Key: place.key }
  const condition: Condition =
    before === null ? { IfNoneMatch: '*' } : before?.etag ? { IfMatch: before.etag } : {}
  const type = { ContentType: CONTENT_TYPES[format] }
  const parts = inParts(write(before?.bytes ?? null), place.uri)
  try {
    const first = await parts.next()
    const body = first.done === true ? new Uint8Array() : first.value
    const second = await parts.next()
    if (second.done === true) {
      const put = { ...object, ...type, ...condition, Body: body }
      await sent(place, () => place.client.putObject(put))
    } else {
      await uploadParts(place, type, condition, [body, second.value], parts)
    }
  } finally {
    await parts.return(undefined)
  }
}

async function uploadParts(
  place: S3Place,
  type: { readonly ContentType: string },
  condition: Condition,
  begun: readonly Uint8Array[],
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { client, bucket, key } = place
  const upload = { Bucket: bucket, Key: key, UploadId: await begin(place, type) }
  try {
    const done: { readonly ETag: string | undefined; readonly PartNumber: number }[] = []
    const send = async (part: Uint8Array): Promise<void> => {
      const PartNumber = done.length + 1
      const { ETag } = await sent(place, () => client.uploadPart({ ...upload, PartNumber, Body: part }))
      done.push({ ETag, PartNumber })
    }
    for (const part of begun) await send(part)
    for await (const part of parts) await send(part)
    const complete = { ...upload, ...condition, MultipartUpload: { Parts: done } }
    await sent(place, () => client.completeMultipartUpload(complete))
  } catch (error) {
    // Parts that nobody completes cost money; the failure is what people should hear of.
    await client.abortMultipartUpload(upload).catch(() => undefined)
    throw error
  }
}

async function begin(place: S3Place, type: { readonly ContentType: string }): Promise<string> {
  const { client, uri, bucket, key } = place
  const create = { Bucket: bucket, Key: key, ...type }
  const { UploadId: id } = await sent(place, () => client.createMultipartUpload(create))
  if (id !== undefined) return id
  throw new SyncError('LIST_UNREADABLE', `${uri} cannot be written: the server takes no object in parts`)
}

/** What stands where an object is to be written: null where nothing does. */
async function whatIsThere(
  place: S3Place,
): Promise<{ readonly bytes: AsyncIterable<Uint8Array>; readonly etag: string | undefined } | null> {
  try {
    const object = await openObject(place)
    return { bytes: bytesOf(place, object), etag: object.etag }
  } catch (error) {
    if (error instanceof SyncError && readAwsFailure(error.cause).name === 'NoSuchKey') return null
    throw error
  }
}

async function sent<T>({ uri, bucket, key }: S3Place, send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    // 409: somebody else is writing it at this moment.
    const { status } = readAwsFailure(error)
    if (status === 412 || status === 409) throw changed(uri, 'written', error)
    throw explainAwsFailure(uri, 'written', error, meanings(bucket, key, 's3:PutObject'))
  }
}

async function* inParts(
  bytes: AsyncIterable<Uint8Array>,
  uri: string,
): AsyncGenerator<Uint8Array, undefined> {
  let chunks: Uint8Array[] = []
  let size = 0
  let total = 0
  for await (const chunk of bytes) {
    chunks.push(chunk)
    size += chunk.length
    total += chunk.length
    if (total > MAX_BYTES) {
      throw new SyncError(
        'LIST_UNREADABLE',
        `${uri} cannot be written: it would have more than ${MAX_BYTES} bytes`,
      )
    }
    if (size >= PART) {
      yield Buffer.concat(chunks)
      chunks = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(chunks)
  return undefined
}
