import { SyncError } from '../core/errors.js'

/** Work of the command itself, which may show what the server says of a value: nothing of it leaves. */
export async function showingValues<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SyncError) || error.code !== 'IMPORT_VALUE' || !(error.cause instanceof Error))
      throw error
    const { detail, where } = error.cause as { readonly detail?: unknown; readonly where?: unknown }
    const more = [detail, where].find((text) => typeof text === 'string')
    const place = typeof more === 'string' ? ` (${more.split('\n')[0] ?? ''})` : ''
    throw new SyncError('IMPORT_VALUE', `a row of the files: ${error.cause.message}${place}`, {
      cause: error.cause,
    })
  }
}
