import type { ErrorEntry } from './error-entry.js'
import type { LIST_ERRORS } from './list-errors.js'

/** The same in Japanese. */
export const LIST_ERRORS_JA = {
  ID_REPLACES_ITSELF: {
    meaning: '差し替える前と後の id が同じです。',
    remedy: '元の id、新しい id の順に指定してください: master-sync targets replace OLD NEW',
  },
  ID_REPLACED: {
    meaning: '新しい id として指定された id は、すでに別の id に差し替えられています。',
    remedy:
      'メッセージにある差替え先の id を指定するか、その id を使う場合は先に追加してください: master-sync targets add ID',
  },
  ID_STILL_LISTED: {
    meaning: '差し替え済みの id が対象リストに残っています。',
    remedy: '記載のあるリストから削除するか、次のコマンドで外してください: master-sync targets remove ID',
  },
  LIST_INVALID: {
    meaning: '対象リストに、正確に読めない箇所があります。このリストからは何も取り込んでいません。',
    remedy: 'メッセージにある箇所(行と列。Excel ではシートの行と列)を直してください。',
  },
  LIST_UNREADABLE: {
    meaning: '対象リストが存在しないか、読み書きの権限がないか、読み取り中に変更されました。',
    remedy: '名前と、読み取るユーザーまたはロールの権限を確認してください。',
  },
  LIST_UNREACHABLE: {
    meaning:
      '対象リストを今は読み書きできません。置き場所のサーバーが応答しない、混雑している、途中で切断された、またはその間にほかから変更されました。',
    remedy: '一時的なものかもしれません。しばらくしてからもう一度実行してください。',
  },
  LIST_AMONG_MASTERS: {
    meaning:
      'マスタのフォルダ直下の YAML ファイルは、すべてマスタのファイルとして読まれます。そこにリストを置くと、どのコマンドも実行できなくなるため、何も書き込んでいません。',
    remedy:
      'フォルダの下に書き出してください(例: master-sync targets export masters/lists/sales.yaml)。.csv や .xlsx でも構いません。',
  },
  LIST_REFUSED: {
    meaning: '対象リストに確認が必要な項目があり、--strict のため取り込みませんでした。',
    remedy: 'メッセージにある箇所を直すか、--strict を付けずに取り込んでください。',
  },
  LIST_DAMAGED: {
    meaning:
      'リストにあった id が消え、先頭の 0、全角・半角、大文字・小文字、ハイフンだけが違う、元マスタにない id に替わっています。このリストからは何も取り込んでいません。',
    remedy:
      '元マスタの通りに id を書いてください。表計算ソフトでは、先に列の書式を文字列にしてください。意図した変更なら: master-sync targets apply URI',
  },
  LIST_CHANGED: {
    meaning:
      '確認している間に、対象リストによる変更の内容が変わりました。このリストからは何も取り込んでいません。',
    remedy: 'もう一度確認してください: master-sync targets apply URI',
  },
  NOTE_NOT_KEPT: {
    meaning:
      'オンプレミスにテーブルのないリストは、マスタの設定で指定した場合にだけメモを保持します。何も追加していません。',
    remedy: '--note を省くか、マスタのファイルに targets: notes: true を設定してください。',
  },
  LIST_URI_INVALID: {
    meaning: '対象リストの名前として正しくありません。',
    remedy:
      'ファイル(.yaml, .yml, .csv, .xlsx)、同じ拡張子の s3://BUCKET/KEY、または dynamodb://TABLE を指定してください。',
  },
} as const satisfies Readonly<Record<keyof typeof LIST_ERRORS, Omit<ErrorEntry, 'exit'>>>
