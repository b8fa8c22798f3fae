import { createHash } from 'node:crypto'
import { formatKey } from '../core/ids.js'
import type { ListEntry, Remark } from '../core/target-list.js'
import { clearStage, closeStage, stageEntries } from '../db/list-stage.js'
import type { Session } from '../db/session.js'
import type { List } from './list.js'

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
  const hash = createHash('sha256')
  let count = 0
  const reading = await list.read()
  const passing = async function* (): AsyncGenerator<readonly ListEntry[]> {
    for await (const entries of reading.entries) {
      for (const { key, note } of entries) hash.update(JSON.stringify([formatKey(key), note]))
      count += entries.length
      heard()
      yield entries
    }
  }
  await stageEntries(cloud, passing())
  await closeStage(cloud, 'list')
  return { fingerprint: hash.digest('base64'), entries: count, remarks: reading.remarks() }
}

/** Reads a list for its fingerprint alone: nothing is sent to the cloud. */
export async function fingerprintOf(list: List, heard: () => void): Promise<string> {
  const hash = createHash('sha256')
  const { entries } = await list.read()
  for await (const batch of entries) {
    for (const { key, note } of batch) hash.update(JSON.stringify([formatKey(key), note]))
    heard()
  }
  return hash.digest('base64')
}
