import { SyncError } from '../core/errors.js'
import { isUnconvertible, readFailure } from './failures.js'

/**
 * Works with values of files, of which one may be none of its column, have no form in the encoding of the server, or be
 * refused by a constraint of the table. What is told of it leaves the on-prem side: it holds no value.
 * @throws SyncError IMPORT_VALUE; the server's own words are those of its cause
 */
export async function withValues<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { verdict, code } = readFailure(error)
    if (verdict !== 'row' && !isUnconvertible(error)) throw error
    throw new SyncError(
      'IMPORT_VALUE',
      `a row of the files (SQLSTATE ${code ?? '-'}${placeOf(error)}); master-sync import --mode plan shows more`,
      { cause: error },
    )
  }
}

function placeOf(error: unknown): string {
  const { column, constraint } = error as { readonly column?: unknown; readonly constraint?: unknown }
  return [
    typeof column === 'string' ? `, column ${column}` : '',
    typeof constraint === 'string' ? `, constraint ${constraint}` : '',
  ].join('')
}
