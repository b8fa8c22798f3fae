import type { Key } from '../core/ids.js'
import type { List, WrittenEntry } from './list.js'

/** Reads pages behind each other, in the order of their keys, until there is none. */
export async function* pages<T extends { readonly key: Key }>(
  read: (behind: Key | undefined) => Promise<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  let behind: Key | undefined
  for (;;) {
    const page = await read(behind)
    const last = page.at(-1)
    if (last === undefined) return
    yield page
    behind = last.key
  }
}

/** How many entries are written at a time. */
const PAGE = 5_000

/**
 * Writes a list from pages of entries behind each other.
 * @returns how many entries it has
 */
export async function writePages(
  list: List,
  read: (behind: Key | undefined, limit: number) => Promise<readonly WrittenEntry[]>,
): Promise<number> {
  let entries = 0
  const counted = async function* (): AsyncGenerator<readonly WrittenEntry[]> {
    for await (const page of pages((behind) => read(behind, PAGE))) {
      entries += page.length
      yield page
    }
  }
  await list.write(counted())
  return entries
}
