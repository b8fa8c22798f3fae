import { randomBytes } from 'node:crypto'
import { open, realpath, rename, rm, type FileHandle } from 'node:fs/promises'
import { SyncError } from '../core/errors.js'
import { MAX_BYTES, type Format, type FormatOptions, type List } from './list.js'

/** A list in a file. */
export function fileList(path: string, format: Format, about: FormatOptions): List {
  const { uri } = about
  return {
    uri,
    read: async () => {
      const file = await opened(path, uri)
      return format.read(bytesOf(file, uri), about)
    },
    write: async (entries) => {
      const before = await opened(path, uri).catch((error: unknown) => {
        if (error instanceof SyncError && isMissing(error.cause)) return null
        throw error
      })
      const seen = before === null ? null : await stampOf(before)
      const bytes = format.write(entries, about, before === null ? null : bytesOf(before, uri))
      try {
        await replace(await target(path), bytes, before, async () => {
          if (seen !== (await currentStamp(path))) throw changed(uri)
        })
      } catch (error) {
        throw error instanceof SyncError ? error : unwritable(uri, error)
      } finally {
        await before?.close()
      }
    },
  }
}

async function opened(path: string, uri: string): Promise<FileHandle> {
  let file: FileHandle | undefined
  try {
    file = await open(path, 'r')
    const stat = await file.stat()
    if (!stat.isFile()) throw new SyncError('LIST_UNREADABLE', `${uri} is not a file`)
    if (stat.size > MAX_BYTES) {
      throw new SyncError('LIST_UNREADABLE', `${uri} has ${stat.size} bytes; lists have ${MAX_BYTES} at most`)
    }
    return file
  } catch (error) {
    await file?.close()
    throw error instanceof SyncError ? error : unreadable(uri, error)
  }
}

/** The file's bytes; the file must be the same at their end as at their beginning. */
async function* bytesOf(file: FileHandle, uri: string): AsyncGenerator<Uint8Array> {
  try {
    const before = await stampOf(file)
    for (;;) {
      const { bytesRead, buffer } = await file.read({ buffer: Buffer.allocUnsafe(CHUNK) })
      if (bytesRead === 0) break
      yield buffer.subarray(0, bytesRead)
    }
    if ((await stampOf(file)) !== before) throw changed(uri)
  } catch (error) {
    throw error instanceof SyncError || !isSystemError(error) ? error : unreadable(uri, error)
  } finally {
    await file.close()
  }
}

const CHUNK = 256 * 1024

async function stampOf(file: FileHandle): Promise<string> {
  const { ino, size, mtimeNs } = await file.stat({ bigint: true })
  return `${ino} ${size} ${mtimeNs}`
}

async function currentStamp(path: string): Promise<string | null> {
  let file: FileHandle
  try {
    file = await open(path, 'r')
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
  try {
    return await stampOf(file)
  } finally {
    await file.close()
  }
}

/** A link stays one: what it leads to is replaced. */
async function target(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isMissing(error)) return path
    throw error
  }
}

/** Writes beside the file, and takes its place when all is on the disk. */
async function replace(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  before: FileHandle | null,
  check: () => Promise<void>,
): Promise<void> {
  const mode = before === null ? undefined : (await before.stat()).mode & 0o7777
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`
  const file = await open(beside, 'wx', mode)
  try {
    for await (const chunk of bytes) await file.writeFile(chunk)
    if (mode !== undefined) await file.chmod(mode)
    await file.sync()
    await file.close()
    await check()
    await rename(beside, path)
  } catch (error) {
    await file.close().catch(() => undefined)
    await rm(beside, { force: true })
    throw error
  }
}

function changed(uri: string): SyncError {
  return new SyncError('LIST_UNREADABLE', `${uri} was changed while it was read`, {
    remedy: 'Run the command again.',
  })
}

function unreadable(uri: string, cause: unknown): SyncError {
  return new SyncError('LIST_UNREADABLE', `${uri} cannot be read: ${reason(cause)}`, { cause })
}

function unwritable(uri: string, cause: unknown): SyncError {
  return new SyncError('LIST_UNREADABLE', `${uri} cannot be written: ${reason(cause)}`, { cause })
}

function reason(error: unknown): string {
  if (isMissing(error)) return 'there is no such file'
  return error instanceof Error ? error.message : String(error)
}

function isMissing(error: unknown): boolean {
  return isSystemError(error) && error.code === 'ENOENT'
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
