import { SyncError } from '../core/errors.js'
import type { ImportDifferences, ScopeRows } from '../core/import-plan.js'
import type { Fragment } from './fragments.js'
import { findMixed, findNewer } from './import-scopes.js'
import type { NewImport } from './imports.js'
import type { Session } from './session.js'

/** Why staged files are not to be written into a table. */

type Dated = Pick<NewImport, 'files' | 'publication'>

/** Of an id that files of two dates have, which is to count? IMPORT_INVALID */
export async function mixedDates(
  session: Session,
  stage: Fragment,
  staged: Dated,
): Promise<SyncError | undefined> {
  const mixed = await findMixed(session, stage, datesOf(staged))
  return mixed === undefined
    ? undefined
    : new SyncError('IMPORT_INVALID', `files of ${mixed.dates.join(' and ')} cover the same ${mixed.scope}`, {
        remedy: 'Import them one after the other, the oldest first; or only the newest.',
      })
}

/** IMPORT_OLDER */
export async function newerData(
  session: Session,
  stage: Fragment,
  name: string,
  staged: Dated,
): Promise<SyncError | undefined> {
  const { publication } = staged
  const [first, ...others] = await findNewer(session, name, publication, stage, datesOf(staged))
  if (first === undefined) return undefined
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`
  return new SyncError(
    'IMPORT_OLDER',
    `${name} has ${publication} ${first.scope}${more} as of ${first.as_of}; the files are of ${first.staged}`,
  )
}

/** What has no date is refused for that; nothing is newer. */
function datesOf({ files }: Dated): readonly string[] {
  return files.map((file) => file.as_of ?? 'infinity')
}

/** Below this a share says little. */
const COUNTS_FROM = 10

/** IMPORT_OTHER_IDS */
export function otherIds(
  name: string,
  plan: ImportDifferences,
  scopes: readonly ScopeRows[],
): SyncError | undefined {
  const open = scopes.reduce((sum, { rows }) => sum + rows, 0)
  const known = open - plan.absent.rows
  if (open < COUNTS_FROM || known * 10 >= open) return undefined
  return new SyncError(
    'IMPORT_OTHER_IDS',
    `of the ${open} open rows of ${name} that the files cover, ${known} are in them by their id; in the files there is ${plan.added.sample[0]?.id ?? '-'}, in the table ${plan.absent.sample[0]?.id ?? '-'}`,
  )
}
