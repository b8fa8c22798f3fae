import type { ListEntry, Remark } from '../core/target-list.js'

/** What a list is made of when it is written. */
export type WrittenEntry = Pick<ListEntry, 'key' | 'note'>

/** One reading of a list: exact, or it throws. Nothing may be done with its entries before they have ended. */
export interface Reading {
  /** In batches of about a thousand, in the order of the list; memory stays flat. */
  readonly entries: AsyncIterable<readonly ListEntry[]>
  /** What people should know, once the entries have ended. */
  readonly remarks: () => readonly Remark[]
}

/** A list of ids outside the databases: a file, an object, a table of items. */
export interface List {
  /** As people wrote it. */
  readonly uri: string
  /** @throws SyncError LIST_UNREADABLE; the entries throw LIST_INVALID with its place as well */
  read(): Promise<Reading>
  /** Replaces what is there, whole or not at all. */
  write(entries: AsyncIterable<readonly WrittenEntry[]>): Promise<void>
}

/** How the text or the bytes of a list are understood, wherever they are kept. */
export interface Format {
  /** @throws SyncError LIST_INVALID, while the entries are taken */
  read(bytes: AsyncIterable<Uint8Array>, about: FormatOptions): Reading
  /** @param before what is there now, if anything; a format that people edit by hand keeps what it can of it */
  write(
    entries: AsyncIterable<readonly WrittenEntry[]>,
    about: FormatOptions,
    before: AsyncIterable<Uint8Array> | null,
  ): AsyncIterable<Uint8Array>
}

export interface FormatOptions {
  /** The list's name in errors. */
  readonly uri: string
  /** The names of the key's columns, in order. */
  readonly columns: readonly string[]
}

/** Entries in one batch. */
export const BATCH = 1000

/** The largest list that is read, in bytes, and the longest line, text or entry in it, in characters. */
export const MAX_BYTES = 200_000_000
export const MAX_TEXT = 1_000_000
