import type { List } from './list.js'

/** A list whose code is loaded when it is read or written: the SDK of AWS takes most of a second. */
export function loadedLater(uri: string, load: () => Promise<List>): List {
  let loaded: Promise<List> | undefined
  const list = (): Promise<List> => (loaded ??= load())
  return {
    uri,
    read: async () => (await list()).read(),
    write: async (entries) => (await list()).write(entries),
  }
}
