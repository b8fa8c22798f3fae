import type { ImportReport } from '../core/import-plan.js'
import { lateImport } from '../core/late-import.js'
import type { RunReport } from '../core/report.js'
import { fileLines, findingLines, outsideLines, told, uncomparedLines } from './import-text.js'
import { thousands } from './table.js'

/** What a run that imports has read and found, beneath its counts. */
export function importLines(report: RunReport): readonly string[] {
  const { import: found } = report
  if (found === null) return []
  if (found.rejected !== undefined)
    return [
      rejectedLine(found.import, found.rejected),
      `    to load them all the same / それでも取り込む: master-sync import FILE… --force --master ${report.master}`,
    ]
  if (found.loaded_before)
    return [
      `  ! the same files as import ${found.import}: nothing to load / 取り込み ${found.import} と同じファイルのため、読み込みません`,
      ...lateLines(report),
    ]
  return [
    ...fileLines(found),
    ...wholeLines(found),
    ...enrichLines(found),
    ...told('added 追加', found.added),
    ...told('changed 変更', found.changed),
    ...told('reopened 再開', found.reopened),
    ...told('absent 掲載なし', found.absent),
    ...(found.respelled > 0
      ? [`  respelled 表記のみの変更 ${thousands(found.respelled)} (not in the history / 履歴には残しません)`]
      : []),
    ...successorLines(found),
    ...findingLines(found),
    ...uncomparedLines(found),
    ...outsideLines(found.outside),
    ...lateLines(report),
  ]
}

function rejectedLine(id: string, { at, run }: NonNullable<ImportReport['rejected']>): string {
  const [day, by] = [at.slice(0, 10), run === null ? '' : ` (run ${run})`]
  return `  ! the same files as import ${id}${by}, rejected on ${day}: nothing to load / ${day} に却下された取り込み ${id}${by} と同じファイルのため、読み込みません`
}

/** Where not all of them are told. */
function wholeLines({ whole }: ImportReport): readonly string[] {
  if (whole === undefined) return []
  const [files, parts] = [thousands(whole.files), thousands(whole.parts)]
  return [`  in all 全体    ${files} files ファイル · ${parts} parts 範囲`]
}

function lateLines(report: RunReport): readonly string[] {
  const late = lateImport(report)
  if (late === undefined) return []
  const { publication, as_of: asOf, due } = late
  return [
    `  ! late 遅れ    ${publication} is as of ${asOf}; that of ${due} should be published by now / ${due} 時点のデータが公表されているはずです`,
  ]
}

function enrichLines({ enriches }: ImportReport): readonly string[] {
  if (enriches === null) return []
  const { owner, matched, unmatched } = enriches
  return [
    `  adds to 補完   rows of ${owner}: ${thousands(matched)} fit / 一致, ${thousands(unmatched)} fit none or several / 一意に照合できず`,
  ]
}

const SHOWN = 5

function successorLines({ written }: ImportReport): readonly string[] {
  const { rows, sample } = written?.successors ?? { rows: 0, sample: [] }
  if (rows === 0) return []
  const some = sample.slice(0, SHOWN).map(({ id, successor }) => `${id} → ${successor}`)
  return [`  successors 後継候補 ${thousands(rows)}: ${some.join(' · ')}${rows > some.length ? ' …' : ''}`]
}
