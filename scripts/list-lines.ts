import type { RunReport } from '../core/report.js'
import { thousands } from './table.js'

/** How the lists of a master were read, and where the ids that the cloud holds were written. */
export function listLines({ lists, published }: RunReport): readonly string[] {
  const read = lists.flatMap(({ list, added, changed, removed, failure }) => {
    if (failure !== null)
      return [
        `  ! ${list} could not be read; what was read of it before stays in force / 読めないため前回の内容のまま`,
        `    [${failure.code}] ${failure.message}`,
      ]
    if (added + changed + removed === 0) return []
    return [
      `  list リスト    ${list}: ${thousands(added)} added 追加 · ${thousands(changed)} notes changed メモ変更 · ${thousands(removed)} removed 削除`,
    ]
  })
  const written = published.flatMap(({ list, failure }) =>
    failure === null
      ? []
      : [`  ! ${list} could not be written / 書き出せません`, `    [${failure.code}] ${failure.message}`],
  )
  return [...read, ...written]
}
