import { SyncError } from '../../../core/errors.js'
import { explainTemporal } from '../../../operations/temporal-failures.js'
import { errorBox } from '../../error-page.js'
import type { Markup } from '../../markup/html.js'
import type { Visit } from '../../request/visit.js'

/** A part of a page, or why it cannot be shown: the others are shown all the same. */
export async function orError(visit: Visit, part: () => Promise<Markup>): Promise<Markup> {
  try {
    return await part()
  } catch (thrown) {
    const error = explainTemporal(thrown)
    if (!(error instanceof SyncError)) throw thrown
    return errorBox(visit, error)
  }
}
