import type { ReplacedIds } from '../core/replacement.js'
import type { RunReport } from '../core/report.js'
import { thousands } from './table.js'

/** Which ids a run has given a successor; of an undo what the list still needs. */
export function replacedLines({ master, undoes, replaced }: RunReport): readonly string[] {
  if (replaced.ids === 0) return []
  if (undoes !== null) return offListLines(replaced, master)
  return ['  replaced 差替え', ...pairs(replaced)]
}

/** A run gave these ids successors, and they are off the list: to take the run back does not list them again. */
export function offListLines(replaced: ReplacedIds, master: string): readonly string[] {
  if (replaced.ids === 0) return []
  return [
    '  ! the list stays as the replacement left it: unless the old id is listed again, the next run after the hold takes its row off',
    '    リストは差替え後のままです。元の id を登録し直さないと、停止の解除後の実行で元の行が対象外になります',
    ...pairs(replaced),
    `    before the hold is lifted / 解除の前に: master-sync targets add OLD --later --master ${master}`,
    `    and if the new id is not meant / 新しい id が不要なら: master-sync targets remove NEW --later --master ${master}`,
  ]
}

function pairs({ ids, sample }: ReplacedIds): readonly string[] {
  const more = ids - sample.length
  return [
    ...sample.map(({ old, new: next }) => `    ${old} → ${next}`),
    ...(more > 0 ? [`    … ${thousands(more)} more / ほか ${thousands(more)} 件`] : []),
  ]
}
