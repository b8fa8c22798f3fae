import { pipeline, Readable } from 'node:stream'
import { crc32, createGunzip, createInflateRaw } from 'node:zlib'
import { SyncError } from '../core/errors.js'
import { invalid } from './import-errors.js'
import { MAX_RATIO, MAX_UNPACKED, RATIO_FREE } from './limits.js'

/** What must come out; a gzip says so itself, at its end. */
export interface Expected {
  readonly size: number
  readonly crc: number
}

/** The text of a gzip, checked against its sum. @throws SyncError IMPORT_INVALID */
export function gunzipped(packed: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  return unpacked(packed, createGunzip(), name)
}

/** The text of a deflated part of a zip. @throws SyncError IMPORT_INVALID */
export function inflated(
  packed: AsyncIterable<Uint8Array>,
  name: string,
  expected: Expected,
): AsyncGenerator<Uint8Array> {
  return checked(unpacked(packed, createInflateRaw(), name), name, expected)
}

/** Bytes that must be as many as the zip says, with the same sum. @throws SyncError IMPORT_INVALID */
export async function* checked(
  bytes: AsyncIterable<Uint8Array>,
  name: string,
  expected: Expected,
): AsyncGenerator<Uint8Array> {
  let [size, crc] = [0, 0]
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > expected.size) throw invalid(name, 'unpacks to more than its zip says')
    crc = crc32(chunk, crc)
    yield chunk
  }
  if (size !== expected.size || crc !== expected.crc)
    throw invalid(name, 'is damaged, or not all of it is there: its sum does not agree')
}

async function* unpacked(
  packed: AsyncIterable<Uint8Array>,
  engine: ReturnType<typeof createGunzip> | ReturnType<typeof createInflateRaw>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let [taken, size] = [0, 0]
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of packed) {
      taken += chunk.length
      yield chunk
    }
  }
  // A failure of either side reaches the loop below.
  pipeline(Readable.from(counted()), engine, () => undefined)
  try {
    for await (const chunk of engine as AsyncIterable<Uint8Array>) {
      size += chunk.length
      if (size > MAX_UNPACKED) throw invalid(name, `unpacks to more than ${MAX_UNPACKED} bytes`)
      if (size > RATIO_FREE && size > taken * MAX_RATIO)
        throw invalid(name, `unpacks to more than ${MAX_RATIO} times its size`)
      yield chunk
    }
  } catch (error) {
    throw error instanceof SyncError ? error : invalid(name, reason(error), undefined, error)
  }
  if (engine.bytesWritten !== taken) throw invalid(name, 'has something behind its packed text')
}

function reason(error: unknown): string {
  const cut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'
  return cut ? 'is cut: its packed text does not end' : 'is damaged: it cannot be unpacked'
}
