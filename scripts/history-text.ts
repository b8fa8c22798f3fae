import {
  HISTORY_WORDS,
  IMPORT_CHANGES,
  LEFT_REASONS,
  type Chapter,
  type ImportChapter,
  type LedgerChange,
  type Left,
  type RowStory,
  type ToldDecision,
} from '../core/history.js'
import { shortTime, shortValue, shortValues } from './table.js'

const LEDGER_WORDS = {
  tracked: 'kept by the sync from now on / 同期の対象になった',
  untracked: 'no longer kept by the sync / 同期の対象から外れた',
  kept: 'stays although it was to go / 外れたが残した',
  marked: 'stays, marked as removed / 削除印を付けて残した',
  replaced: 'another row took its place / 別の行に引き継いだ',
  returned: 'is compared again / 再び比較の対象になった',
  conflict: 'conflict / 競合',
  settled: 'conflict closed / 競合の解消',
  undecided: 'decision dropped, a side had changed / 決定は無効（その後に変更）',
  declined: "locked: the source's change was left out / ロック中のため元の変更を反映せず",
  remembered: 'only what the source had was remembered / 元の値の記録のみ',
} as const satisfies Readonly<Record<LedgerChange, string>>

const CAUSES = {
  untargeted: 'left the list / リストから外れた',
  gone: 'left the source / 元から消えた',
  replaced: 'issued anew / 再発行',
  either: 'left the list or the source / リストか元から消えた',
} as const

const OUTSIDE = {
  kept: ' · stays although it was to go / 外れたが残している',
  replaced: ' · another row took its place / 別の行に引継ぎ済み',
  marked_untargeted: ' · marked as removed / 削除印あり',
  marked_gone: ' · marked as removed / 削除印あり',
} as const satisfies Readonly<Record<NonNullable<NonNullable<RowStory['tracked']>['outside']>, string>>

/** The story of a row for people, by the clock of the time zone. */
export function renderStory(story: RowStory, zone?: string): string {
  const { id, conflicts, chapters, imports } = story
  const told = [
    ...(imports ?? []).map((one) => ({ at: one.at, lines: importLines(one, zone) })),
    ...chapters.map((one) => ({ at: one.at, lines: chapterLines(one, zone) })),
  ]
  // Two clocks: what an import wrote is older than the run that carried it, where they say the same.
  told.sort((a, b) => a.at.localeCompare(b.at))
  return [
    `${id} · ${standing(story)}`,
    ...told.flatMap(({ lines }) => lines),
    ...(conflicts.length === 0 ? [] : ['open conflicts / 未解決の競合']),
    ...conflicts.map(
      ({ column, base, source, cloud, run }) =>
        `  ${column}: agreed 一致時 ${shortValue(base)} · source 元 ${shortValue(source)} · cloud クラウド ${shortValue(cloud)} (run ${run})`,
    ),
  ].join('\n')
}

function standing({ tracked, in_cloud }: RowStory): string {
  const where = in_cloud ? '' : ' · not in the cloud / クラウドに無い'
  if (tracked === null) return `not kept by the sync / 同期の対象外${where}`
  const outside = tracked.outside === null ? '' : OUTSIDE[tracked.outside]
  const origin =
    tracked.origin === 'adopted' ? "adopted, was the cloud's own / 引継ぎ" : 'kept by the sync / 同期中'
  return `${origin}${tracked.since === null ? '' : ` since run ${tracked.since}`}${outside}${where}`
}

function chapterLines(chapter: Chapter, zone?: string): readonly string[] {
  const { at, run, kind, columns, ledger, left } = chapter
  return [
    `${shortTime(at, zone)}  run ${run}  ${kind} / ${HISTORY_WORDS[kind]}${circumstances(chapter)}`,
    ...columns
      .filter(({ from, to }) => from !== null || to !== null)
      .map(({ column, from, to }) => `  ${column}: ${cell(kind, from, to)}`),
    ...ledger.map(
      ({ change, columns: names, decisions }) =>
        `  ${LEDGER_WORDS[change]}${names.length === 0 ? '' : `: ${names.join(', ')}`}${decisions.map(decisionText).join('')}`,
    ),
    ...(left === null ? [] : leftLines(left)),
  ]
}

/** At the source, from which file. */
function importLines(
  { at, import: number, run, what, files, columns }: ImportChapter,
  zone?: string,
): readonly string[] {
  // A run of another ledger has a number that says nothing here.
  const where = run === null ? `import ${number}` : `run ${run}`
  return [
    `${shortTime(at, zone)}  ${where}  source 元マスタ: ${what} / ${IMPORT_CHANGES[what]}  ${files.join(', ')}`,
    ...columns.map(({ column, from, to }) => `  ${column}: ${shortValues(from, to).join(' → ')}`),
  ]
}

function decisionText({ column, take, value, by }: ToldDecision): string {
  const what = take === 'value' ? shortValue(value) : take
  return `  (${column} decided / 決定: ${what}${by === null ? '' : ` by ${by}`})`
}

/** Of a row that came or went there is one side only. */
function cell(kind: Chapter['kind'], from: string | null, to: string | null): string {
  if (kind === 'removed') return shortValue(from)
  return kind === 'inserted' ? shortValue(to) : shortValues(from, to).join(' → ')
}

function circumstances({ kind, by, answers, undoes, undone_by, cause }: Chapter): string {
  const gone = (kind === 'removed' && undoes === null) || kind === 'marked'
  const parts = [
    ...(gone ? [CAUSES[cause ?? 'either']] : []),
    ...(by === null ? [] : [`by ${by}`]),
    ...(answers === null ? [] : [`approval of run ${answers} / 承認`]),
    ...(undoes === null ? [] : [`undo of run ${undoes} / 取消`]),
    ...(undone_by === null ? [] : [`taken back by run ${undone_by} / 取消済み`]),
  ]
  return parts.length === 0 ? '' : `  (${parts.join(' · ')})`
}

function leftLines({ why, columns }: Left): readonly string[] {
  const { en, ja } = LEFT_REASONS[why]
  return [
    `  left: ${en} / 取り消さず: ${ja}`,
    ...columns.map(({ column, wanted, found }) => {
      const [there, was] = shortValues(found, wanted)
      return `    ${column}: ${there}, was / 以前は ${was}`
    }),
  ]
}
