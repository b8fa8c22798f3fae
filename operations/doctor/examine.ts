import type { Check, CheckName, Finding } from '../../core/doctor-report.js'
import { SyncError } from '../../core/errors.js'
import { LOCK_NOT_AVAILABLE } from '../../core/sqlstate.js'
import { comesOf, explainFailure, isDatabaseFailure, type Side } from '../../db/failures.js'
import { explainTemporal } from '../temporal-failures.js'

/** What a check is about. */
export interface About {
  readonly check: CheckName
  readonly master?: string
  readonly side?: Side
  /** The variable that holds the database's URL. */
  readonly database?: string
}

/** What a check saw: a few words, and what is to be mended. */
export interface Seen {
  readonly seen: string
  readonly findings?: readonly SyncError[]
}

export interface Examined {
  readonly check: Check
  readonly findings: readonly Finding[]
}

/**
 * Looks at one thing. An error for people is what was found; any other is a fault of ours and thrown on. What somebody
 * has locked is not looked at: that is neither wrong nor to be waited for.
 */
export async function examine(about: About, look: () => Promise<Seen> | Seen): Promise<Examined> {
  const looked = await Promise.resolve()
    .then(look)
    .catch((error: unknown): Seen | undefined => {
      if (comesOf(error, LOCK_NOT_AVAILABLE)) return undefined
      const { code, message, remedy } = explained(error)
      return { seen: '', findings: [new SyncError(code, message, { remedy })] }
    })
  if (looked === undefined) return skipped(about, 'another session has a table locked')
  const { seen, findings = [] } = looked
  const named = fill(about)
  return {
    check: { ...named, ok: findings.length === 0, seen },
    findings: findings.map(({ code, message, remedy }) => ({ ...named, code, message, remedy })),
  }
}

/** What is not looked at, and why. */
export function skipped(about: About, seen: string): Examined {
  return { check: { ...fill(about), ok: null, seen }, findings: [] }
}

function fill({ check, master, side, database }: About): Omit<Check, 'ok' | 'seen'> {
  return { check, master: master ?? null, side: side ?? null, database: database ?? null }
}

function explained(error: unknown): SyncError {
  const told = isDatabaseFailure(error) ? explainFailure(error) : explainTemporal(error)
  if (told instanceof SyncError) return told
  throw told
}
