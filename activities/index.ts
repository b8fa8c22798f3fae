import { applyImport } from './apply-import.js'
import { applySegment } from './apply-segment.js'
import { closeImport } from './close-import.js'
import { closeRun } from './close-run.js'
import { compareSegments } from './compare-segments.js'
import { cutSegments } from './cut-segments.js'
import type { ActivityDeps } from './deps.js'
import { fetchFiles } from './fetch-files.js'
import { guard } from './guard.js'
import { notify } from './notify.js'
import { openImport } from './open-import.js'
import { openRun, regainLease } from './open-run.js'
import { planImport } from './plan-import.js'
import { proveSegment } from './prove-segment.js'
import { publishLists } from './publish-lists.js'
import { replaceRows } from './replace-rows.js'
import { undoRows } from './undo-rows.js'

/** The steps of a run, ready to be registered with a worker. */
export function createActivities(deps: ActivityDeps) {
  return {
    openRun: openRun(deps),
    regainLease: regainLease(deps),
    cutSegments: cutSegments(deps),
    compareSegments: compareSegments(deps),
    guard: guard(deps),
    applySegment: applySegment(deps),
    proveSegment: proveSegment(deps),
    undoRows: undoRows(deps),
    replaceRows: replaceRows(deps),
    publishLists: publishLists(deps),
    closeRun: closeRun(deps),
    openImport: openImport(deps),
    fetchFiles: fetchFiles(deps),
    planImport: planImport(deps),
    applyImport: applyImport(deps),
    closeImport: closeImport(deps),
    notify: notify(deps),
  }
}

export type Activities = ReturnType<typeof createActivities>
