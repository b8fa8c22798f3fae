import type { ErrorEntry } from './error-entry.js'
import type { IMPORT_ERRORS } from './import-errors.js'

/** What can be wrong with published files, in Japanese. */
export const IMPORT_ERRORS_JA = {
  IMPORT_UNREADABLE: {
    meaning: '公開データのファイルが存在しないか、読み取りの権限がないか、読み取り中に変更されました。',
    remedy: '名前と、読み取るユーザーの権限を確認してください。',
  },
  IMPORT_UNREACHABLE: {
    meaning:
      '公開データのファイルを取得できません。サーバーまたは経路が応答しない、混雑している、または途中で切断されました。実行中は 10 分間再試行します。このファイルからは何も取り込んでいません。',
    remedy:
      '時間をおいて再度実行してください。プロキシを経由する場合は HTTPS_PROXY に、経由しない宛先は NO_PROXY に指定してください。',
  },
  IMPORT_REFUSED: {
    meaning:
      '公開データのファイルをその場所からは取得しません。アドレスにファイルがない、内容が異なる、大きすぎる、またはサーバーを信頼できません。このファイルからは何も取り込んでいません。',
    remedy:
      'アドレスをブラウザーで開いて確認し、ファイル自体か、日付の付いたファイルへのリンクがあるページを指定してください。通信を復号するプロキシがある場合は、その認証局の証明書を NODE_EXTRA_CA_CERTS に指定してください。',
  },
  IMPORT_INVALID: {
    meaning:
      '公開データのファイルを最後まで正しく読めません。途中で切れている、壊れている、展開すると大きすぎる、または文字コードが不明です。このファイルからは何も取り込んでいません。',
    remedy: 'ファイルを取得し直してください。自作の CSV は UTF-8 で保存してください。',
  },
  IMPORT_VALUE: {
    meaning: '制約や文字コードのために、表がファイルの行を受け付けません。何も書き込んでいません。',
    remedy: 'ファイルの作成元で値を直してください。表の制約は、公表データで成り立つものにしてください。',
  },
  IMPORT_FORM_UNKNOWN: {
    meaning: '公開データのファイルが既知のどの形式でもないか、複数の形式に当てはまります。',
    remedy:
      'メッセージにある列を確認してください。既知の形式であれば --feed NAME で指定してください。名前の一覧: master-sync import --help',
  },
  IMPORT_DAMAGED: {
    meaning:
      '公開データのファイルが表計算ソフトで開いて保存されています。id の先頭のゼロが失われたか、日付や 1.23E+12 のような数値に変わっています。そのまま取り込むと別の行の廃止と追加になるため、何も取り込んでいません。',
    remedy:
      '公開元からファイルを取得し直し、表計算ソフトで開かずにそのまま取り込んでください。ほかに元データがない場合は --repair を付けると、確実な id に限ってゼロを補います。',
  },
  IMPORT_NOT_SET_UP: {
    meaning: 'オンプレのデータベースに、取り込み用の表がありません。',
    remedy:
      'スキーマを作成できるロールで master-sync setup --with-master を実行するか、master-sync setup --with-master --print-sql の SQL を DBA が実行してください。',
  },
  IMPORT_UNDATED: {
    meaning:
      '公開データがいつ時点のものか、ファイル名からも設定からも分かりません。閉院日も、新旧の判断もできません。',
    remedy: '--as-of 2026-06-01 のように指定してください。',
  },
  IMPORT_OLDER: {
    meaning: '表には、このファイルより新しい公開データが取り込まれています。何も書き込んでいません。',
    remedy: '最新のファイルを取り込んでください。あえて古いデータに戻す場合は --force を付けてください。',
  },
  IMPORT_OTHER_IDS: {
    meaning:
      'ファイルの id が、表の同じ範囲の id とほとんど一致しません。別の公開データの id か、書式の異なる id です。全行が二重に追加されるため、何も書き込んでいません。',
    remedy:
      'メッセージの id と表の id を見比べてください。それでも取り込む場合は --other-ids を付けてください。',
  },
  IMPORT_REJECTS: {
    meaning: '取り込めない行が上限を超えています。何も書き込んでいません。',
    remedy:
      '指摘の内容を確認してください。正しいファイルで、途中で切れていませんか。上限はマスタのファイルの import: guards: rejects です。',
  },
  IMPORT_GONE: {
    meaning:
      '読み込んだファイルの内容がもうありません。別の取り込みが始まったか、データベースサーバーが異常終了しました。何も書き込んでいません。',
    remedy: 'ファイルをもう一度取り込んでください。',
  },
  IMPORT_NOT_UNDONE: {
    meaning: '取り込みの実行は、同期のようには取り消せません。何も書き込んでいません。',
    remedy:
      '一つ前のファイルをもう一度取り込んでください: master-sync import FILE… --force。行ごとの変更の確認: master-sync history ID',
  },
  IMPORT_MOVED: {
    meaning: '取り込みの間に、オンプレの表が何度もほかから変更されました。何も書き込んでいません。',
    remedy: 'ほかに表を書き換える処理がないときに、もう一度取り込んでください。',
  },
} as const satisfies Readonly<Record<keyof typeof IMPORT_ERRORS, Omit<ErrorEntry, 'exit'>>>
