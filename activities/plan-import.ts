import type { Breach } from '../core/guard.js'
import { checkImport, heldOf, IMPORT_KINDS } from '../core/import-guard.js'
import { IMPORT_GUARDS } from '../core/import-section.js'
import { storeHeld } from '../db/held.js'
import { lookAtImport } from '../db/import-look.js'
import { droppedAmong } from '../db/import-found.js'
import type { Prints } from '../db/import-plan.js'
import { askedPrints, closeGone, openImportQuestions, supersedeImports } from '../db/import-questions.js'
import { checkLease } from '../db/lease.js'
import { READ_COMMITTED, transaction } from '../db/session.js'
import { patienceOf, type ActivityDeps } from './deps.js'
import { runImportStep, type ImportRef } from './import-step.js'
import type { ImportTask } from './open-import.js'

export interface PlanImportInput extends Pick<ImportTask, 'approve' | 'answers'> {
  readonly ref: ImportRef
  readonly import: string
}

export interface PlannedImport {
  /** Rows that may be written. */
  readonly planned: number
  /** By what is to become of them the fingerprint of what may be written. */
  readonly allowed: Prints
  /** The same of what waits for a person. */
  readonly held: Prints
}

/** Holds the staged rows against the table, and what that comes to against the limits. Writes none of them. */
export function planImport(deps: ActivityDeps) {
  return runImportStep(deps, async ({ source, cloud }, input: PlanImportInput): Promise<PlannedImport> => {
    const { ref, answers } = input
    const master = deps.loadMaster(ref.master)
    const found = await lookAtImport(source, master, input.import, patienceOf(deps))
    // Only now that it is fit to be written: a file that is refused takes nothing away from what is asked.
    const others = await droppedAmong(source, ref.ledger, await openImportQuestions(cloud))
    await transaction(cloud, READ_COMMITTED, async () => {
      await supersedeImports(cloud, ref.master, ref.run)
      // Of other masters of the same table.
      for (const question of others) await closeGone(cloud, question)
      await checkLease(cloud, ref)
    })
    const asked = answers === undefined ? {} : await askedPrints(cloud, answers)
    const isApproved = ({ kind }: Breach): boolean =>
      IMPORT_KINDS[kind].every((what) => asked[what] === found.prints[what])
    const breaches =
      input.approve === true
        ? []
        : checkImport(master.import?.guards ?? IMPORT_GUARDS, found).filter((breach) => !isApproved(breach))
    await storeHeld(cloud, ref.run, breaches.map(heldOf), [])
    const waits = new Set<string>(breaches.flatMap(({ kind }) => IMPORT_KINDS[kind]))
    const prints = Object.entries(found.prints)
    return {
      planned: Object.entries(found.rows).reduce(
        (sum, [what, rows]) => (waits.has(what) ? sum : sum + rows),
        0,
      ),
      allowed: Object.fromEntries(prints.filter(([what]) => !waits.has(what))),
      held: Object.fromEntries(prints.filter(([what]) => waits.has(what))),
    }
  })
}
