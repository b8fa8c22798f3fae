import { Buffer } from 'node:buffer'
import { SyncError } from '../../core/errors.js'
import { keyFromDatabase } from '../../core/ids.js'
import { csvFormat } from '../../targets/csv.js'
import type { Format, FormatOptions, WrittenEntry } from '../../targets/list.js'
import { xlsxFormat } from '../../targets/xlsx.js'
import { yamlFormat } from '../../targets/yaml.js'

export const FORMATS: Readonly<Record<'yaml' | 'csv' | 'xlsx', Format>> = {
  yaml: yamlFormat,
  csv: csvFormat,
  xlsx: xlsxFormat,
}

/** An entry as tests tell it: id (its values joined by `¦`), note, `line:column`. */
export type Told = readonly [id: string, note: string | null, place?: string]

export interface Read {
  readonly entries: readonly Told[]
  readonly remarks: readonly string[]
}

export function about(
  format: keyof typeof FORMATS,
  columns: readonly string[] = ['medical_id'],
): FormatOptions {
  return { uri: `ids.${format}`, columns }
}

/** Bytes in chunks of a size. */
async function* chunks(bytes: Uint8Array | string, size = 1000): AsyncGenerator<Uint8Array> {
  const whole = Buffer.from(bytes)
  for (let at = 0; at < whole.length; at += size) yield await Promise.resolve(whole.subarray(at, at + size))
}

export async function read(
  format: keyof typeof FORMATS,
  bytes: Uint8Array | string,
  options: { readonly columns?: readonly string[]; readonly size?: number } = {},
): Promise<Read> {
  const reading = FORMATS[format].read(chunks(bytes, options.size), about(format, options.columns))
  const entries: Told[] = []
  for await (const batch of reading.entries) {
    for (const { key, note, place } of batch)
      entries.push([key.join('¦'), note, `${place.line}:${place.column}`])
  }
  return { entries, remarks: reading.remarks().map(({ kind }) => kind) }
}

/** What was read without the places, or the refusal. Any other error is thrown on. */
export async function readOrRefused(
  format: keyof typeof FORMATS,
  bytes: Uint8Array | string,
  options: Parameters<typeof read>[2] = {},
): Promise<Read | SyncError> {
  try {
    return await read(format, bytes, options)
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
}

export async function write(
  format: keyof typeof FORMATS,
  entries: readonly Told[],
  options: { readonly before?: string | Uint8Array; readonly columns?: readonly string[] } = {},
): Promise<Buffer> {
  const { before, columns } = options
  const out: Uint8Array[] = []
  const written = FORMATS[format].write(
    batches(entries),
    about(format, columns),
    before === undefined ? null : chunks(before),
  )
  for await (const chunk of written) out.push(chunk)
  return Buffer.concat(out)
}

async function* batches(entries: readonly Told[]): AsyncGenerator<readonly WrittenEntry[]> {
  const all = entries.map(([id, note]) => ({ key: keyFromDatabase(id.split('¦')), note }))
  for (let at = 0; at < all.length; at += 3) yield await Promise.resolve(all.slice(at, at + 3))
}

export function withoutPlaces({ entries }: Read): readonly Told[] {
  return entries.map(([id, note]) => [id, note])
}
