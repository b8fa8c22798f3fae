import { SyncError } from '../core/errors.js'
import { formatKey, type Key } from '../core/ids.js'
import { formatPlace } from '../core/target-list.js'
import { findUnstorable, notStorable } from '../db/list-table.js'
import type { Session } from '../db/session.js'
import { nextStaged, placesOf } from '../db/staged-list.js'
import { findUnconvertibleId } from '../db/unconvertible-ids.js'
import { pages } from './pages.js'
import type { Lists } from './take-list.js'

/** How many ids are looked at with one statement. */
const PAGE = 100_000

/**
 * Looks whether the table can hold the ids of the staged list as they are, and the source be asked for them.
 * @throws SyncError ID_INVALID with the place of the first of which that is not so
 */
export async function checkStaged(lists: Lists, list: string): Promise<void> {
  const { source, cloud, table, utf8, heard } = lists
  // A server in UTF-8 keeps every text as it is.
  if (utf8 && (table === undefined || table.key.every(({ type }) => type === 'text'))) return
  const placeOf = async (key: Key): Promise<string> => {
    const [place] = await placesOf(cloud, lists, [key])
    return `${formatPlace(list, { line: place?.line ?? 0, column: place?.column ?? 0 })} `
  }
  for await (const keys of stagedKeys(cloud)) {
    await checkConvertible(source, utf8, keys, placeOf)
    const found = table === undefined ? undefined : await findUnstorable(source, table, keys)
    heard()
    if (found !== undefined && table !== undefined) throw notStorable(table, found, await placeOf(found.key))
  }
}

/**
 * Looks whether the source's encoding has the characters of the ids.
 * @throws SyncError ID_INVALID
 */
export async function checkConvertible(
  source: Session,
  utf8: boolean,
  keys: readonly Key[],
  placeOf: (key: Key) => Promise<string> = () => Promise.resolve(''),
): Promise<void> {
  if (utf8) return
  const lost = await findUnconvertibleId(source, keys)
  if (lost === undefined) return
  throw new SyncError(
    'ID_INVALID',
    `${await placeOf(lost)}${formatKey(lost)} has a character that the encoding of the source lacks`,
  )
}

/** The ids of the staged list, many at a time. */
export async function* stagedKeys(cloud: Session): AsyncGenerator<readonly Key[]> {
  for await (const page of pages((behind) => nextStaged(cloud, behind, PAGE)))
    yield page.map(({ key }) => key)
}
