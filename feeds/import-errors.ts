import { SyncError } from '../core/errors.js'
import { formatPlace, type Place } from '../core/target-list.js'

/** Something that keeps a published file from being read whole, with its place where it has one. */
export function invalid(file: string, message: string, place?: Place, cause?: unknown): SyncError {
  const where = place === undefined ? file : formatPlace(file, place)
  return new SyncError('IMPORT_INVALID', `${where} ${message}`, { cause })
}

export function unreadable(file: string, message: string, cause?: unknown): SyncError {
  return new SyncError('IMPORT_UNREADABLE', `${file} ${message}`, { cause })
}
