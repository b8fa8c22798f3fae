import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import type { ReadingOptions } from '../core/import-reading.js'

/** Files that somebody has sent, and how they are to be read. */
export interface Upload {
  /** The session that sent them: nobody else may use them. */
  readonly session: string
  readonly master: string
  readonly folder: string
  readonly files: readonly string[]
  readonly reading: ReadingOptions
}

/** How long files wait for somebody to look at what they would change. */
const KEPT_MS = 30 * 60_000

/** Files between a look at them and their import. */
export class Uploads {
  readonly #kept = new Map<string, { readonly upload: Upload; readonly timer: NodeJS.Timeout }>()

  /** Instead of those that the session has sent before. @returns by which they are asked for */
  async keep(upload: Upload): Promise<string> {
    const former = [...this.#kept].filter(([, one]) => one.upload.session === upload.session)
    for (const [id] of former) await this.#drop(id)
    const id = randomUUID()
    const timer = setTimeout(() => void this.#drop(id), KEPT_MS)
    timer.unref()
    this.#kept.set(id, { upload, timer })
    return id
  }

  /** For once: whoever takes them removes them. */
  take(id: string, session: string, master: string): Upload | undefined {
    const found = this.#kept.get(id)
    if (found?.upload.session !== session || found.upload.master !== master) return undefined
    clearTimeout(found.timer)
    this.#kept.delete(id)
    return found.upload
  }

  async clear(): Promise<void> {
    for (const id of [...this.#kept.keys()]) await this.#drop(id)
  }

  async #drop(id: string): Promise<void> {
    const found = this.#kept.get(id)
    if (found === undefined) return
    clearTimeout(found.timer)
    this.#kept.delete(id)
    await removeUpload(found.upload)
  }
}

export function removeUpload({ folder }: Pick<Upload, 'folder'>): Promise<void> {
  return rm(folder, { recursive: true, force: true })
}
