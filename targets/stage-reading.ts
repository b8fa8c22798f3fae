import { createHash } from 'node:crypto'
import { formatKey } from '../core/ids.js'
import type { ListEntry, Remark } from '../core/target-list.js'
import { clearStage, closeStage, stageEntries } from '../db/list-stage.js'
import type { Session } from '../db/session.js'
import type { List, Reading } from './list.js'

/** A list that was read to its end. */
export interface StagedReading {
  /** The same for the same entries in the same order. */
  readonly fingerprint: string
  readonly entries: number
  readonly remarks: readonly Remark[]
}

/** Reads a list into its stage in the cloud. */
export async function stageReading(cloud: Session, list: List, heard: () => void): Promise<StagedReading> {
  await clearStage(cloud, 'list')
  const reading = await list.read()
  const passing = new Fingerprint(reading.entries, heard)
  await stageEntries(cloud, passing.entries())
  await closeStage(cloud, 'list')
  return { fingerprint: passing.digest(), entries: passing.count, remarks: reading.remarks() }
}

/** Reads a list for its fingerprint alone: nothing is sent to the cloud. */
export async function fingerprintOf(list: List, heard: () => void): Promise<string> {
  const passing = new Fingerprint((await list.read()).entries, heard)
  for await (const _ of passing.entries());
  return passing.digest()
}

/** Entries on their way, counted and hashed as they pass. */
class Fingerprint {
  count = 0
  readonly #hash = createHash('sha256')
  readonly #entries: Reading['entries']
  readonly #heard: () => void

  constructor(entries: Reading['entries'], heard: () => void) {
    this.#entries = entries
    this.#heard = heard
  }

  async *entries(): AsyncGenerator<readonly ListEntry[]> {
    for await (const entries of this.#entries) {
      for (const { key, note } of entries) this.#hash.update(JSON.stringify([formatKey(key), note]))
      this.count += entries.length
      this.#heard()
      yield entries
    }
  }

  /** Once they have passed. */
  digest(): string {
    return this.#hash.digest('base64')
  }
}
