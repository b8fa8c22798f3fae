import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MultipartFile } from '@fastify/multipart'
import { storeFile } from '../../request/body.js'
import type { Format } from './list-name.js'

/** A file that somebody has given, between its preview and the word to take it over. */
export interface KeptList {
  readonly ticket: string
  readonly master: string
  /** As the browser called it. */
  readonly name: string
  readonly path: string
}

interface Kept extends KeptList {
  readonly session: string
  readonly folder: string
  readonly timer: NodeJS.Timeout
}

const MINUTES = 30
const KEPT_MS = MINUTES * 60_000

/** Files on the disk, one a session, each removed after a while. */
export class KeptLists {
  readonly #kept = new Map<string, Kept>()

  async keep(
    session: string,
    master: string,
    { name, format }: { readonly name: string; readonly format: Format },
    sent: MultipartFile,
  ): Promise<KeptList> {
    const folder = await mkdtemp(join(tmpdir(), 'master-sync-'))
    const path = join(folder, `list.${format}`)
    try {
      await storeFile(sent, path)
    } catch (error) {
      await rm(folder, { recursive: true, force: true })
      throw error
    }
    await this.drop(session)
    const timer = setTimeout(() => void this.drop(session), KEPT_MS)
    timer.unref()
    const kept = { ticket: randomBytes(16).toString('base64url'), master, name, path, session, folder, timer }
    this.#kept.set(session, kept)
    return kept
  }

  /** undefined: it was not this session that gave it, another file has taken its place, or it is too long ago. */
  find(session: string, master: string, ticket: string): KeptList | undefined {
    const kept = this.#kept.get(session)
    return kept?.ticket === ticket && kept.master === master ? kept : undefined
  }

  async drop(session: string): Promise<void> {
    const kept = this.#kept.get(session)
    if (kept === undefined) return
    this.#kept.delete(session)
    clearTimeout(kept.timer)
    await rm(kept.folder, { recursive: true, force: true })
  }

  async close(): Promise<void> {
    for (const session of [...this.#kept.keys()]) await this.drop(session)
  }
}
