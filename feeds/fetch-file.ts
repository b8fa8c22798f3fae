import { createHash, randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { answerOf, type Answer } from './fetch-answer.js'
import { failed, refused, told, unreachable } from './fetch-errors.js'
import { nameOf } from './fetch-name.js'
import { connections } from './fetch-proxy.js'
import { FETCH_LIMITS, type FetchLimits } from './limits.js'
import type { FeedFile } from './parts.js'

export interface FetchInto {
  /** Where fetched files are laid down, under names of their own. */
  readonly folder: string
  readonly signal?: AbortSignal
  /** Told how many bytes of a file there are, whenever some more have come. */
  readonly heard?: (bytes: number) => void
  readonly limits?: Partial<FetchLimits>
}

/** A file that was fetched whole. */
export interface FetchedFile extends FeedFile, Pick<Answer, 'url' | 'contentType'> {
  readonly sha256: string
  readonly bytes: number
}

/** @throws SyncError IMPORT_UNREACHABLE, IMPORT_REFUSED; the reason of the signal */
export async function fetchFile(asked: URL, into: FetchInto): Promise<FetchedFile> {
  const limits = { ...FETCH_LIMITS, ...into.limits }
  const dispatcher = await connections()
  const silence = new AbortController()
  const patience = setTimeout(() => silence.abort(), limits.silenceMs)
  const signal = AbortSignal.any([silence.signal, ...(into.signal === undefined ? [] : [into.signal])])
  try {
    const answer = await answerOf(asked, { dispatcher, signal, answered: () => patience.refresh() })
    const path = join(into.folder, randomUUID())
    const kept = await keep(answer, path, limits, (bytes) => {
      patience.refresh()
      into.heard?.(bytes)
    })
    const { url, contentType, disposition } = answer
    return { path, name: nameOf(asked, url, disposition), url, contentType, ...kept }
  } catch (error) {
    into.signal?.throwIfAborted()
    if (!silence.signal.aborted) throw failed(asked, error)
    throw unreachable(`${told(asked)}: nothing came for ${limits.silenceMs / 1000} s`)
  } finally {
    clearTimeout(patience)
    await dispatcher.destroy()
  }
}

export function isPage({ contentType }: Pick<Answer, 'contentType'>): boolean {
  return contentType === 'text/html' || contentType === 'application/xhtml+xml'
}

async function keep(
  answer: Answer,
  path: string,
  limits: FetchLimits,
  heard: (bytes: number) => void,
): Promise<Pick<FetchedFile, 'sha256' | 'bytes'>> {
  const { url, length, body } = answer
  const most = isPage(answer) ? limits.pageBytes : limits.fileBytes
  if (length !== undefined && length > most)
    throw refused(`${told(url)} has ${length} bytes; at most ${most} are fetched`)
  const hash = createHash('sha256')
  let bytes = 0
  const file = await open(path, 'wx').catch(full)
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      heard(bytes)
      if (bytes > most)
        throw refused(`${told(url)} has more than ${most} bytes, which is the most that is fetched`)
      hash.update(chunk)
      write(file.fd, chunk)
    }
  } finally {
    await file.close()
  }
  if (length !== undefined && bytes !== length)
    throw unreachable(`${told(url)} broke off after ${bytes} of ${length} bytes`)
  return { sha256: hash.digest('hex'), bytes }
}

/** At once: what comes meanwhile waits with the system, and not in memory. */
function write(file: number, chunk: Uint8Array): void {
  try {
    appendFileSync(file, chunk)
  } catch (error) {
    full(error)
  }
}

function full(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error)
  throw refused(`the file cannot be kept: ${reason}`)
}
