import { protectedColumns } from '../core/layout.js'
import { isUnconvertible } from '../db/failures.js'
import { nextUpdates, noteForeseen, recountPlan, type PlanPlace } from '../db/foreseen.js'
import { sourceRows } from '../db/source-rows.js'
import type { StepTools } from './step.js'

/** How many rows are fetched from the source at a time. */
const CHUNK = 500

/**
 * For a plan or a verification: what an apply decides from locked rows is decided from rows as they stand. An update
 * that would change nothing in the cloud is none.
 */
export async function foresee({ source, cloud, context, lease, heard }: StepTools): Promise<void> {
  const { layout, master, mode, run } = context
  const decides = layout.cloud.lock !== undefined || protectedColumns(layout).length > 0
  if (mode === 'apply' || !decides) return
  let place: PlanPlace | undefined
  for (;;) {
    const updates = await nextUpdates(cloud, run, place, CHUNK)
    const last = updates.at(-1)
    if (last === undefined) break
    const rows = await sourceRows(
      source,
      cloud,
      layout,
      master.master,
      updates.map(({ key }) => key),
    ).catch((error: unknown) => {
      // They stay as they were planned: which of them it is shows when they are written.
      if (isUnconvertible(error)) return []
      throw error
    })
    if (rows.length > 0) await noteForeseen(cloud, layout, master.master, run, rows)
    place = last
    heard()
  }
  if (place !== undefined) await recountPlan(cloud, lease)
}
