import { SyncError } from '../../core/errors.js'

/** A setting that cannot be read is told where settings are looked at; here it is only not there. */
export function optional<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof SyncError) return undefined
    throw error
  }
}
