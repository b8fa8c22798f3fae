import { createHash } from 'node:crypto'
import { bytesOf, diskFile } from './disk-file.js'
import type { FeedFile } from './parts.js'

/**
 * The same for files with the same bytes that are read in the same way, whatever they are called and in whatever order.
 * @param how all else that decides what becomes of them
 * @throws SyncError IMPORT_UNREADABLE
 */
export async function digestOf(files: readonly FeedFile[], how: unknown): Promise<string> {
  const each: string[] = []
  for (const { path, name } of files) {
    const hash = createHash('sha256')
    for await (const bytes of bytesOf(await diskFile(path, name))) hash.update(bytes)
    each.push(hash.digest('hex'))
  }
  return createHash('sha256')
    .update(JSON.stringify([each.sort(), how]))
    .digest('hex')
}
