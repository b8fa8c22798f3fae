import type { WrittenEntry } from './list.js'

/** Entries that are still to be written, by their key. */
export type Wanted = Map<string, WrittenEntry>

export function nameOf({ key }: WrittenEntry): string {
  return JSON.stringify(key)
}
