import type { ImportNotice } from './import-notice.js'
import { failureLines, heldLines } from './notice-lines.js'
import type { Language, Message } from './message.js'
import { PUBLICATIONS } from './publications.js'

/** @param name of the master, for people */
export function importNoticeText(notice: ImportNotice, name: string, language: Language): Message {
  const { run, master } = notice
  const ja = language === 'ja'
  const look = `master-sync runs ${run} --master ${master}`
  switch (notice.kind) {
    case 'import_failed': {
      const which = run === 0 ? '' : ` ${run}`
      return {
        title: ja
          ? `${name}: 取り込みの実行${which === '' ? '' : `${which} `}が失敗しました`
          : `${name}: import run${which} failed`,
        lines: notice.failure === null ? [] : failureLines(notice.failure, ja),
        commands: [run === 0 ? 'master-sync doctor' : look],
      }
    }
    case 'import_held':
      return {
        title: ja
          ? `${name}: 取り込みの実行 ${run} が承認を待っています`
          : `${name}: import run ${run} waits for approval`,
        lines: heldLines('import', notice.held, notice.until, ja),
        commands: [
          look,
          `master-sync approve ${run} --master ${master}`,
          `master-sync reject ${run} --master ${master}`,
        ],
      }
    case 'import_rejects': {
      const { records } = notice
      return {
        title: ja
          ? `${name}: 実行 ${run} で取り込みましたが、${records} 件のレコードを除きました`
          : `${name}: import run ${run} completed, but left out ${records} ${records === 1 ? 'record' : 'records'} of the files`,
        lines: [],
        commands: [look],
      }
    }
    case 'import_unequal': {
      const { rows } = notice
      return {
        title: ja
          ? `${name}: 取り込みの実行 ${run} のあと、オンプレの表の ${rows} 行がファイルと一致していません`
          : `${name}: after import run ${run} ${rows} ${rows === 1 ? 'row is' : 'rows are'} not as the files have them: the table's own triggers changed them`,
        lines: [],
        commands: [look],
      }
    }
    case 'late': {
      const { publication, as_of: asOf, due } = notice
      const title = PUBLICATIONS[publication]?.title[language] ?? publication
      return {
        title: ja
          ? `${name}: ${due} 時点のデータがまだ見つかりません`
          : `${name}: the data of ${due} should be published by now, and was not found`,
        lines: [
          ja
            ? `${title}: 前回と同じ ${asOf} 時点のファイルでした。公表元のページを確認してください。`
            : `${title}: the files were those of ${asOf}, as before. Look at the page of the publication.`,
        ],
        commands: ['master-sync doctor', look],
      }
    }
  }
}
