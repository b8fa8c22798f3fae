import { SyncError } from '../core/errors.js'
import { isUnconvertible, readFailure } from './failures.js'

/**
 * Works with values of files, of which one may be none of its column, have no form in the encoding of the server, or be
 * refused by a constraint of the table.
 * @throws SyncError IMPORT_VALUE
 */
export async function withValues<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { verdict, message } = readFailure(error)
    if (verdict !== 'row' && !isUnconvertible(error)) throw error
    throw new SyncError('IMPORT_VALUE', `a row of the files: ${message}${detailOf(error)}`, { cause: error })
  }
}

/** What the server says of the row, or of the place in a COPY: the first line of it. */
function detailOf(error: unknown): string {
  const { detail, where } = error as { readonly detail?: unknown; readonly where?: unknown }
  const more = [detail, where].find((text) => typeof text === 'string')
  return typeof more === 'string' ? ` (${more.split('\n')[0] ?? ''})` : ''
}
