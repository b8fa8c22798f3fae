import { importNoticeText } from './import-notice-text.js'
import type { Notice } from './notice.js'
import { failureLines, heldLines } from './notice-lines.js'
import type { Language, Message } from './message.js'
import { ROW_COUNTS, type RowCounts } from './report.js'
import { ROW_WORDS_JA } from './row-words.js'
import { formatSpan, formatSpanJa } from './span.js'

/** @param title the master's name for people */
export function noticeText(notice: Notice, title: string, language: Language): Message {
  const { master } = notice
  const name = title === master ? master : `${title} (${master})`
  const ja = language === 'ja'
  const runs = (run: number): string => `master-sync runs ${run} --master ${master}`
  const start = `master-sync start-sync ${master}`
  switch (notice.kind) {
    case 'failed': {
      const { run, failure } = notice
      const which = run === 0 ? '' : ja ? `実行 ${run} が` : `: run ${run}`
      return {
        title: ja ? `${name}: ${which}失敗しました` : `${name}${which} failed`,
        lines: failure === null ? [] : failureLines(failure, ja),
        commands: [...(run === 0 ? ['master-sync doctor'] : [runs(run)]), start],
      }
    }
    case 'rejects': {
      const { run, rows, targets } = notice
      return {
        title: ja
          ? `${name}: 実行 ${run} は完了しましたが、${rows.rejected} 行がクラウドに拒否されています`
          : `${name}: run ${run} completed, but the cloud refuses ${rows.rejected} ${rows.rejected === 1 ? 'row' : 'rows'}`,
        lines: [countsLine(rows, targets, ja)],
        commands: [runs(run), start],
      }
    }
    case 'lists': {
      const { run, lists } = notice
      return {
        title: ja
          ? `${name}: 実行 ${run} で、読み書きできない対象リストがあります`
          : `${name}: run ${run} could not read or write a target list`,
        lines: lists.map(({ list, code }) => `[${code}] ${list}`),
        commands: [runs(run), 'master-sync doctor'],
      }
    }
    case 'unequal': {
      const { run, rows, targets } = notice
      return {
        title: ja
          ? `${name}: 実行 ${run} のあと、元とクラウドが一致していません`
          : `${name}: after run ${run} source and cloud are not equal`,
        lines: [countsLine(rows, targets, ja)],
        commands: [runs(run), start],
      }
    }
    case 'held': {
      const { run, held, until } = notice
      return {
        title: ja ? `${name}: 実行 ${run} が承認を待っています` : `${name}: run ${run} waits for approval`,
        lines: heldLines('sync', held, until, ja),
        commands: [
          runs(run),
          `master-sync approve ${run} --master ${master}`,
          `master-sync reject ${run} --master ${master}`,
        ],
      }
    }
    case 'missed': {
      const { count } = notice
      return {
        title: ja
          ? `${name}: 定期実行が ${count} 回、開始されないまま過ぎました`
          : `${name}: ${count} scheduled ${count === 1 ? 'run was' : 'runs were'} missed`,
        lines: [
          ja
            ? '時刻に開始できず、猶予も過ぎたため、あとから実行されません。次の実行がすべてを比べ直します。'
            : 'Temporal could not start in time what was due, and will not make up for it. The next run compares everything.',
        ],
        commands: [start, `master-sync schedule status --master ${master}`],
      }
    }
    case 'skipped': {
      const { count } = notice
      return {
        title: ja
          ? `${name}: 前の実行が続いているため、定期実行を ${count} 回見送りました`
          : `${name}: ${count} scheduled ${count === 1 ? 'run was' : 'runs were'} left out, for the one before was still under way`,
        lines: [],
        commands: [`master-sync runs --master ${master}`, 'master-sync doctor'],
      }
    }
    case 'old':
      return {
        title: oldTitle(name, notice.seconds, language),
        lines: notice.paused
          ? [ja ? '定期実行は一時停止中です。' : 'The schedule is paused: it starts no runs.']
          : [],
        commands: notice.paused
          ? [`master-sync schedule resume --master ${master}`, start]
          : ['master-sync doctor', start],
      }
    default:
      return importNoticeText(notice, name, language)
  }
}

function oldTitle(name: string, seconds: number | undefined, language: Language): string {
  if (seconds === undefined)
    return language === 'ja'
      ? `${name}: まだ一度も同期が完了していません`
      : `${name}: was never synced, though its schedule is there`
  return language === 'ja'
    ? `${name}: クラウドの写しは ${formatSpanJa(seconds)}前のものです`
    : `${name}: the copy in the cloud is ${formatSpan(seconds)} old`
}

function countsLine(rows: RowCounts, targets: number, ja: boolean): string {
  const counts = ROW_COUNTS.filter((name) => rows[name] > 0).map((name) =>
    ja ? `${ROW_WORDS_JA[name]} ${rows[name]}` : `${rows[name]} ${name}`,
  )
  return [ja ? `対象 ${targets}` : `${targets} targets`, ...counts].join(' · ')
}
