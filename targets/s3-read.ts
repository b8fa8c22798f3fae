import type { GetObjectCommandOutput, S3 } from '@aws-sdk/client-s3'
import { SyncError } from '../core/errors.js'
import {
  explainAwsFailure,
  isPassing,
  ListUnreachable,
  type Meanings,
  readAwsFailure,
} from './aws-failures.js'
import { MAX_BYTES } from './list.js'

/** An object, and how to reach it. */
export interface S3Place {
  readonly client: S3
  readonly uri: string
  readonly bucket: string
  readonly key: string
}

/** An object whose bytes are on their way. */
export interface OpenObject {
  readonly body: AsyncIterable<Uint8Array>
  readonly size: number
  /** Tells its versions apart, where the server has one. */
  readonly etag: string | undefined
}

/** How often a reading goes on after its connection broke off. */
const RESUMPTIONS = 5

/** @throws SyncError LIST_UNREADABLE */
export async function openObject(place: S3Place): Promise<OpenObject> {
  const { uri } = place
  const output = await get(place, {})
  const { ContentLength: size, ETag: etag } = output
  if (size === undefined) {
    bodyOf(output, uri).destroy()
    throw new SyncError('LIST_UNREADABLE', `${uri} cannot be read: the server does not tell its size`)
  }
  if (size > MAX_BYTES) {
    bodyOf(output, uri).destroy()
    throw new SyncError('LIST_UNREADABLE', `${uri} has ${size} bytes; lists have ${MAX_BYTES} at most`)
  }
  return { body: bodyOf(output, uri), size, etag }
}

/**
 * An object's bytes, all of one version of it. Where the connection breaks off, or falls asleep because whoever takes
 * the bytes is slow, the reading goes on where it was, if the object is still the same.
 */
export async function* bytesOf(place: S3Place, { body, size, etag }: OpenObject): AsyncGenerator<Uint8Array> {
  const { uri } = place
  let taken = 0
  let rest = body
  for (let resumed = 0; ; resumed++) {
    let broken: unknown
    try {
      for await (const chunk of rest) {
        taken += chunk.length
        yield chunk
      }
    } catch (error) {
      broken = error
    }
    if (taken === size && broken === undefined) return
    // A checksum that does not fit must not be read past: what comes behind it in a second answer has none.
    if (taken >= size || (broken !== undefined && !isPassing(readAwsFailure(broken)))) {
      throw new ListUnreachable(`${uri} arrived damaged${reason(broken)}`, { cause: broken })
    }
    if (resumed === RESUMPTIONS || !etag) throw brokenOff(uri, taken, size, broken)
    rest = await readOn(place, taken, size, etag)
  }
}

async function readOn(
  place: S3Place,
  taken: number,
  size: number,
  etag: string,
): Promise<AsyncIterable<Uint8Array>> {
  const output = await get(place, { Range: `bytes=${taken}-`, IfMatch: etag })
  const body = bodyOf(output, place.uri)
  if (output.ETag === etag && output.ContentRange === `bytes ${taken}-${size - 1}/${size}`) return body
  body.destroy()
  // A server that knows neither of the two conditions gives the whole, of whatever version.
  throw output.ETag === etag ? brokenOff(place.uri, taken, size, undefined) : changed(place.uri, 'read')
}

async function get(
  { client, uri, bucket, key }: S3Place,
  condition: { readonly Range?: string; readonly IfMatch?: string },
): Promise<GetObjectCommandOutput> {
  try {
    return await client.getObject({ Bucket: bucket, Key: key, ...condition })
  } catch (error) {
    const { status } = readAwsFailure(error)
    if (status === 412 || (status === 404 && condition.IfMatch !== undefined))
      throw changed(uri, 'read', error)
    throw explainAwsFailure(uri, 'read', error, meanings(bucket, key, 's3:GetObject'))
  }
}

function bodyOf(
  output: GetObjectCommandOutput,
  uri: string,
): AsyncIterable<Uint8Array> & { destroy(): void } {
  const { Body: body } = output
  if (body !== undefined && 'destroy' in body) return body
  throw new SyncError('LIST_UNREADABLE', `${uri} cannot be read: the server's answer has no body`)
}

/** @param doing what it was changed during */
export function changed(uri: string, doing: 'read' | 'written', cause?: unknown): SyncError {
  return new ListUnreachable(`${uri} was changed while it was ${doing}`, {
    remedy: 'Run the command again.',
    cause,
  })
}

function brokenOff(uri: string, taken: number, size: number, cause: unknown): SyncError {
  return new ListUnreachable(`${uri} broke off after ${taken} of ${size} bytes${reason(cause)}`, { cause })
}

function reason(cause: unknown): string {
  return cause instanceof Error ? `: ${cause.message}` : ''
}

/** @param action what has to be allowed */
export function meanings(bucket: string, key: string, action: 's3:GetObject' | 's3:PutObject'): Meanings {
  return {
    NoSuchBucket: {
      why: `there is no bucket ${bucket}`,
      remedy: "Check the bucket's name, AWS_REGION, and AWS_ENDPOINT_URL_S3 where it is set.",
    },
    NoSuchKey: {
      why: `the bucket ${bucket} has no object ${key}`,
      remedy: `See what it has with: aws s3 ls s3://${bucket}/`,
    },
    AccessDenied: {
      why: 'access is denied',
      remedy: `Allow ${action} on arn:aws:s3:::${bucket}/${key}. Without s3:ListBucket, an object that is not there is denied as well.`,
    },
    InvalidObjectState: {
      why: 'it is archived',
      remedy: `Restore it with: aws s3api restore-object --bucket ${bucket} --key ${key} --restore-request Days=7`,
    },
  }
}
