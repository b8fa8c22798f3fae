import { Buffer } from 'node:buffer'
import { open, type FileHandle } from 'node:fs/promises'
import { SyncError } from '../core/errors.js'
import { unreadable } from './import-errors.js'

/** A file on the disk that is read several times, and must be the same each time. */
export interface DiskFile {
  /** How people call it. */
  readonly name: string
  readonly path: string
  readonly size: number
  readonly stamp: string
}

/** @throws SyncError IMPORT_UNREADABLE */
export async function diskFile(path: string, name: string): Promise<DiskFile> {
  return opened(path, name, async (file) => {
    const stat = await file.stat()
    if (!stat.isFile()) throw unreadable(name, 'is not a file')
    return { name, path, size: stat.size, stamp: await stampOf(file) }
  })
}

/** Some bytes of it, or fewer where it ends. @throws SyncError IMPORT_UNREADABLE */
export async function readAt({ path, name }: DiskFile, start: number, length: number): Promise<Buffer> {
  return opened(path, name, async (file) => {
    const bytes = Buffer.alloc(length)
    let read = 0
    while (read < length) {
      const { bytesRead } = await file.read(bytes, read, length - read, start + read)
      if (bytesRead === 0) break
      read += bytesRead
    }
    return bytes.subarray(0, read)
  })
}

/** Its bytes from `start` up to `end`. @throws SyncError IMPORT_UNREADABLE, where it changed as well */
export async function* bytesOf(from: DiskFile, start = 0, end = from.size): AsyncGenerator<Uint8Array> {
  const { path, name } = from
  const file = await open(path, 'r').catch((error: unknown) => {
    throw refusal(name, error)
  })
  try {
    for (let at = start; at < end;) {
      const length = Math.min(CHUNK, end - at)
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, at)
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
    if ((await stampOf(file)) !== from.stamp)
      throw unreadable(name, 'changed while it was read; try it again when it is written')
  } catch (error) {
    throw refusal(name, error)
  } finally {
    await file.close()
  }
}

const CHUNK = 256 * 1024

async function opened<T>(path: string, name: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    return await use(file)
  } catch (error) {
    throw refusal(name, error)
  } finally {
    await file?.close()
  }
}

/** Whoever rewrites a file may put its times back, but not that of its last change. */
async function stampOf(file: FileHandle): Promise<string> {
  const { ino, size, mtimeNs, ctimeNs } = await file.stat({ bigint: true })
  return `${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

function refusal(name: string, error: unknown): unknown {
  if (error instanceof SyncError || !(error instanceof Error) || !('code' in error)) return error
  return unreadable(name, `cannot be read: ${error.message}`, error)
}
