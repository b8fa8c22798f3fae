import type { FormatOptions, WrittenEntry } from './list.js'

export async function* edited(
  _entries: AsyncIterable<readonly WrittenEntry[]>,
  _about: FormatOptions,
  _before: AsyncIterable<string> | null,
): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield new Uint8Array()
  throw new Error('not yet')
}
