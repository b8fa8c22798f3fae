import { IMPORT_WHATS, type ImportWritten } from '../core/import-plan.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { applyImport as applyStaged } from '../db/import-apply.js'
import { readOwner } from '../db/import-owner.js'
import { stageOf } from '../db/import-stage.js'
import { fitStage } from '../db/import-target.js'
import { readImport } from '../db/imports.js'
import { named } from '../db/read-layout.js'
import { patienceOf, type ActivityDeps } from './deps.js'
import { runImportStep, type ImportRef } from './import-step.js'
import type { PlannedImport } from './plan-import.js'

export interface ApplyImportInput {
  readonly ref: ImportRef
  readonly import: string
  readonly plan: Pick<PlannedImport, 'allowed' | 'held'>
}

/** Writes what may be written, in one transaction on-prem, once. */
export function applyImport(deps: ActivityDeps) {
  return runImportStep(
    deps,
    async (
      { source },
      { ref, import: id, plan }: ApplyImportInput,
    ): Promise<{ readonly written: ImportWritten }> => {
      const master = deps.loadMaster(ref.master)
      const staged = await readImport(source, id)
      const shape = await readTable(source, 'source', named(master.source.table))
      const name = formatTableName(shape.table)
      const owner = await readOwner(source, name)
      const known = staged.detail?.enriches ?? undefined
      const { table, enriches } = await fitStage(source, stageOf(id), master, shape, staged, owner, known)
      const written = await applyStaged(source, table, name, staged, {
        allowed: plan.allowed,
        held: IMPORT_WHATS.filter((what) => plan.held[what] !== undefined),
        enriches: enriches !== null,
        ...{ run: ref.run, ledger: ref.ledger },
        patienceMs: patienceOf(deps),
      })
      return { written }
    },
  )
}
