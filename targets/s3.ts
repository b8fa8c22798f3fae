import { SyncError } from '../core/errors.js'
import { bounds, regionOf } from './aws.js'
import type { Format, FormatOptions, List } from './list.js'
import { bytesOf, openObject, type S3Place } from './s3-read.js'
import { writeObject } from './s3-write.js'
import type { ListUri } from './uri.js'

/** A list in an object of S3, or of a server that is like it. */
export function s3List(
  { bucket, key, format: name }: Extract<ListUri, { readonly kind: 's3' }>,
  format: Format,
  about: FormatOptions,
): List {
  const { uri } = about
  return {
    uri,
    read: async () => {
      const place = await connect(uri, bucket, key)
      try {
        return format.read(closing(place, bytesOf(place, await openObject(place))), about)
      } catch (error) {
        place.client.destroy()
        throw error
      }
    },
    write: async (entries) => {
      const place = await connect(uri, bucket, key)
      try {
        await writeObject(place, name, (before) => format.write(entries, about, before))
      } finally {
        place.client.destroy()
      }
    },
  }
}

async function* closing({ client }: S3Place, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes
  } finally {
    client.destroy()
  }
}

async function connect(uri: string, bucket: string, key: string): Promise<S3Place> {
  // Most of a second, which only those spend who have such a list.
  const { S3 } = await import('@aws-sdk/client-s3')
  const endpoint = process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']
  // Servers other than AWS rarely have a name for every bucket.
  const client = new S3({ ...bounds(), forcePathStyle: endpoint !== undefined })
  if ((await regionOf(client)) !== null) return { client, uri, bucket, key }
  client.destroy()
  throw new SyncError('LIST_UNREADABLE', `${uri} cannot be looked for: no AWS region is set`, {
    remedy: 'Set AWS_REGION to the region of the bucket.',
  })
}
