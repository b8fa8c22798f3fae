import type { Conflict } from '../core/results.js'
import type { ConflictList } from '../operations/conflicts.js'
import { renderTable, shortTime, shortValue, thousands } from './table.js'

/** Conflicts, a line each; the words of the columns are those of the commands. */
export function renderConflicts({ total, conflicts }: ConflictList, zone: string): string {
  const table = renderTable(
    ['id', 'column', 'agreed 一致時', 'source 元', 'cloud クラウド', 'run', 'since', 'decided 決定'],
    conflicts.map((conflict) => [
      conflict.id,
      conflict.column,
      conflict.base_known ? shortValue(conflict.base) : '?',
      shortValue(conflict.source),
      shortValue(conflict.cloud),
      String(conflict.run),
      shortTime(conflict.found_at, zone),
      decisionText(conflict),
    ]),
  )
  const more = total - conflicts.length
  return more > 0 ? `${table}\n… ${thousands(more)} more / 他 ${thousands(more)} 件` : table
}

function decisionText({ decision }: Conflict): string {
  if (decision === null) return '-'
  const { take, value, by } = decision
  const what = take === 'value' ? shortValue(value) : take
  return by === null ? what : `${what} (${by})`
}
