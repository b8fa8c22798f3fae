import type { ErrorCode } from './error-catalogue.js'

interface Words {
  readonly meaning: string
  readonly remedy: string
}

/** The catalogue in Japanese, for docs/errors.md. */
export const ERRORS_JA = {
  USAGE: {
    meaning: 'コマンドの書き方が正しくありません。',
    remedy: '--help を付けて実行し、書き方を確認してください。',
  },
  OPTION_INVALID: {
    meaning: '環境変数が設定されていないか、使えない値です。',
    remedy: 'メッセージにある変数を設定し、もう一度起動してください。',
  },
  MASTER_FILE_INVALID: {
    meaning: 'マスタのファイルが YAML として正しくないか、マスタの記述になっていません。',
    remedy: 'メッセージにある箇所を直してください。',
  },
  MASTER_UNKNOWN: {
    meaning: 'その名前のマスタのファイルがフォルダにありません。',
    remedy: '表示された名前を使うか、ファイルを追加してください。',
  },
  ID_INVALID: {
    meaning: 'その id はこのマスタのキーになりえません。',
    remedy: '元マスタにある通りに書いてください。キーが複数列なら、一つの CSV レコードとして書きます。',
  },
  ID_UNKNOWN: {
    meaning: 'その id は対象リストになく、同期がクラウドに保っている行でもありません。',
    remedy: 'id を確かめるか、先に追加してください: master-sync targets add ID',
  },
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
  IMPORT_FORM_UNKNOWN: {
    meaning: '公開データのファイルが既知のどの形式でもないか、複数の形式に当てはまります。',
    remedy: 'メッセージにある列を確認してください。複数の形式に当てはまる場合は、形式を指定してください。',
  },
  IMPORT_DAMAGED: {
    meaning:
      '公開データのファイルが表計算ソフトで開いて保存されています。id の先頭のゼロが失われたか、日付や 1.23E+12 のような数値に変わっています。そのまま取り込むと別の行の廃止と追加になるため、何も取り込んでいません。',
    remedy:
      '公開元からファイルを取得し直し、表計算ソフトで開かずにそのまま取り込んでください。ほかに元データがない場合は、指定により、確実な id に限ってゼロを補うことができます。',
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
    remedy: 'メッセージの id と表の id を見比べてください。それでも取り込む場合は --force を付けてください。',
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
  IMPORT_MOVED: {
    meaning: '取り込みの間に、オンプレの表が何度もほかから変更されました。何も書き込んでいません。',
    remedy: 'ほかに表を書き換える処理がないときに、もう一度取り込んでください。',
  },
  RUN_UNKNOWN: {
    meaning: 'その番号の実行がないか、このコマンドでは扱えない実行です。',
    remedy: '番号の確認: master-sync runs',
  },
  SCHEDULE_MISSING: {
    meaning: 'このマスタのスケジュールが Temporal にありません。',
    remedy: '作成: master-sync schedule apply',
  },
  SCHEDULE_ELSEWHERE: {
    meaning: 'このネームスペースにあるこのマスタのスケジュールは、別の環境のものです。',
    remedy:
      'データベースの組ごとに TEMPORAL_NAMESPACE を分けてください。別の環境がもう無い場合や台帳を作り直した場合は master-sync schedule remove のあと schedule apply を実行してください。',
  },
  WORKER_ELSEWHERE: {
    meaning: '実行を受け取ったワーカーは別のクラウドのデータベースを使っています。何も行っていません。',
    remedy:
      'データベースの組ごとに TASK_QUEUE と TEMPORAL_NAMESPACE を分け、コマンドとワーカーで揃えてください。台帳を作り直した場合は master-sync schedule apply を実行してください。',
  },
  DATABASE_UNREACHABLE: {
    meaning: 'データベースが応答しません。',
    remedy: 'サーバーの稼働、URL のホストとポート、ファイアウォールを確認してください。',
  },
  STATEMENT_TOO_SLOW: {
    meaning: '一つの SQL 文が、実行の待てる時間を超えました。',
    remedy:
      'LEASE_SECONDS を大きくするか、SEGMENT_ROWS を小さくしてください。キーとリストに必要な索引が元データベースにあるかも確認してください。',
  },
  DATABASE_REFUSED: {
    meaning:
      'データベースは応答しますが、接続を拒否されました（パスワード、ロール、データベース名のいずれかの誤り）。',
    remedy: 'URL のユーザー、パスワード、データベース名と、サーバーの pg_hba.conf を確認してください。',
  },
  TEMPORAL_UNREACHABLE: {
    meaning: 'Temporal サーバーが応答しないか、接続を拒否しました。',
    remedy: 'TEMPORAL_ADDRESS と TEMPORAL_NAMESPACE、サーバーの稼働を確認してください。',
  },
  NOT_SET_UP: {
    meaning: 'クラウドのデータベースにスキーマ master_sync がないか、古い形のままです。',
    remedy: '実行: master-sync setup',
  },
  SERVER_TOO_OLD: {
    meaning: 'PostgreSQL サーバーが 12 より古い版です。',
    remedy: 'PostgreSQL 12 以降に更新してください。',
  },
  CLOUD_ENCODING: {
    meaning: 'クラウドのデータベースの文字コードが UTF-8 ではありません。',
    remedy: "encoding 'UTF8' でデータベースを作り直してください。",
  },
  TABLE_MISSING: {
    meaning: 'マスタが指す表がないか、ロールから見えません。',
    remedy: 'マスタのファイルにある表の名前を確認してください。',
  },
  COLUMN_MISSING: {
    meaning: 'マスタに必要な列がありません。',
    remedy: '列を追加するか、マスタのファイルを直してください。',
  },
  COLUMN_REQUIRED: {
    meaning: 'クラウドの表に、値が必須なのに元マスタからは渡せない列があります。',
    remedy: 'その列に既定値を設けるか、NULL を許してください。',
  },
  COLUMN_TYPE_DIFFERS: {
    meaning: '両側で列の型が違い、そのままでは値が同じに保てません。',
    remedy: 'クラウドの列を元マスタと同じ型にしてください。',
  },
  COLUMN_TAKEN: {
    meaning: '同期が使う列名と同じ名前の列が元のテーブルにあります。',
    remedy: 'source: exclude でその列を除いてください。',
  },
  COLUMN_GENERATED: {
    meaning: '元マスタにもある列を、クラウドが自分で採番していて、誰も変更できません。',
    remedy: '値を設定できるようにしてください: alter table … alter column … set generated by default;',
  },
  TYPE_MISSING: {
    meaning: '元マスタの表が使う型がクラウドになく、setup でも作れません。',
    remedy: 'クラウドのデータベースにその型を作ってください。',
  },
  KEY_NOT_UNIQUE: {
    meaning: 'キーで行が一つに決まりません（一意索引がないか、同じキーが二度現れます）。',
    remedy: 'キーの列だけからなる一意索引を作ってください。',
  },
  KEY_TYPE: {
    meaning: 'キーの列が文字列、整数、uuid のいずれでもありません。',
    remedy: '文字列、整数、uuid の列をキーにしてください。',
  },
  PERMISSION_DENIED: {
    meaning: '同期に必要な権限がロールにありません。',
    remedy:
      'メッセージの通りに権限を与えてください。各ロールに必要な権限の一覧：master-sync setup --print-sql',
  },
  HASHES_DISAGREE: {
    meaning: '二つのサーバーが同じ値から違うハッシュを出すため、比較を信頼できません。',
    remedy:
      '両サーバーの版、文字コード、設定を見比べてください。メッセージにある型を添えて報告してください。',
  },
  QUESTION_CLOSED: {
    meaning: 'その実行は承認を待っていません。回答済み、期限切れ、または後の実行が別の内容を尋ねています。',
    remedy: '今の問い合わせを確認してください: master-sync runs',
  },
  APPROVER_IS_STARTER: {
    meaning: 'このマスタでは、実行を開始した人は承認できません。',
    remedy: '別の人が実行してください。名前は OPERATOR、無ければ OS の利用者名です。',
  },
  CONFLICT_UNKNOWN: {
    meaning: '該当する競合がありません。',
    remedy: '一覧: master-sync conflicts list',
  },
  VALUE_INVALID: {
    meaning: 'その値はこの列に入りません。',
    remedy: '列が表示する形で値を書いてください。',
  },
  UNDO_IMPOSSIBLE: {
    meaning: 'その実行は取り消せません。何も書いていない、実行中、または変更の記録が残っていません。',
    remedy: '内容の確認: master-sync runs RUN。記録の保存期間: history: keep',
  },
  REJECTS_EXCEEDED: {
    meaning: 'クラウドに拒否された行が guards: rejects: の上限を超えました。',
    remedy: '拒否された行の確認: master-sync runs RUN',
  },
  LEASE_HELD: {
    meaning: '同じマスタの別の実行が進行中で、終わるのを待っています。',
    remedy: '何もする必要はありません。自動で続きます。別の実行の確認: master-sync runs',
  },
  ON_HOLD: {
    meaning: '実行中にマスタが保留になりました。それまでに書いた行は残ります。',
    remedy: '理由の確認: master-sync schedule status。解除: master-sync schedule resume',
  },
  LEASE_LOST: {
    meaning: '応答が途絶えた間に別の実行が引き継ぎました。書きかけだったものは書かれていません。',
    remedy: '何もする必要はありません。実行は順番を待ち直します。',
  },
  CHECKPOINT_MOVED: {
    meaning: '同じステップを別の試行が済ませました。この試行は何も書いていません。',
    remedy: '何もする必要はありません。別の試行が続けます。',
  },
  SOURCE_UNCONVERTIBLE: {
    meaning: 'UTF-8 でない元マスタのキーに、Unicode にない文字（外字など）があります。',
    remedy: '元マスタのキーを直すか、リストから外してください。',
  },
  STATEMENT_REFUSED: {
    meaning: 'データベースが SQL 文を拒否しました。人が直す必要のある理由です。',
    remedy: 'SQLSTATE とサーバーのメッセージを確認してください。',
  },
  PORT_TAKEN: {
    meaning: 'ワーカーが開くポートを、別のプロセスが使っています。',
    remedy: 'HEALTH_PORT を別の値にするか、そのプロセスを終わらせてください。',
  },
  WEBHOOK_UNREACHABLE: {
    meaning: '実行の結果を知らせる webhook が応答しないか、故障しています。実行そのものには影響しません。',
    remedy: 'WEBHOOK_URL のホストと、ワーカーからの通信がファイアウォールを通るかを確認してください。',
  },
  WEBHOOK_REFUSED: {
    meaning: '実行の結果を知らせる webhook がメッセージを拒否しました。実行そのものには影響しません。',
    remedy:
      'WEBHOOK_URL と WEBHOOK_FORM を確認してください。チャット側で URL が無効になった可能性もあります。',
  },
  LOCAL_PART_MISSING: {
    meaning: '一台で動かすための部品が見つからないか、起動できません。',
    remedy: 'メッセージにある用意の仕方を確認してください。',
  },
  OPTION_UNKNOWN: {
    meaning: '本システムのものに似た名前の環境変数がありますが、どこからも読まれません。',
    remedy: '名前を直すか、設定を外してください。',
  },
  CLOUD_READ_ONLY: {
    meaning: 'クラウドのデータベースに書き込めません（スタンバイか、読み取り専用の設定です）。',
    remedy: 'URL をプライマリサーバーに向けてください。',
  },
  CLOCKS_DIFFER: {
    meaning: 'データベースサーバーの時計がこのマシンの時計と合っていません。',
    remedy: '両方の時計を合わせてください。例: timedatectl set-ntp true',
  },
  CONNECTIONS_SHORT: {
    meaning: 'データベースサーバーの接続の空きが、ワーカーの開く数に足りないおそれがあります。',
    remedy: 'メッセージにある上限を上げるか、WORKER_SLOTS を下げてください。',
  },
  INDEX_MISSING: {
    meaning: '索引がないため、大きな表を毎回すべて読んでいます。',
    remedy: '索引を作ってください。',
  },
  WORKER_MISSING: {
    meaning: 'タスクキューを受け持つワーカーがなく、開始した実行は待ったままになります。',
    remedy: '起動: master-sync worker',
  },
  SCHEDULE_DIFFERS: {
    meaning: 'Temporal のスケジュールがマスタのファイルと違います。',
    remedy: '反映: master-sync schedule apply',
  },
  SCHEDULE_PAUSED: {
    meaning: 'スケジュールが一時停止中で、実行を始めません。',
    remedy: '再開: master-sync schedule resume',
  },
  SCHEDULE_LEFT_OVER: {
    meaning: 'どのマスタのファイルにもないスケジュールが Temporal に残り、実行を始め続けています。',
    remedy: '削除するか、ファイルを戻してください。',
  },
  RUNS_SKIPPED: {
    meaning: '前の実行が終わっていないため、定期実行が飛ばされています。',
    remedy: '何を待っているかの確認: master-sync runs',
  },
  RUNS_MISSED: {
    meaning: '定期実行が時刻に始まらず、その後も実行がありません。',
    remedy: '今すぐ実行: master-sync start-sync',
  },
  LAST_RUN_FAILED: {
    meaning: '前回の実行が失敗しました。その原因を直すまで次の実行も通りません。',
    remedy: '確認: master-sync runs RUN',
  },
  RUN_ABANDONED: {
    meaning: '記録では実行中ですが、Temporal にその実行がありません。',
    remedy: '閉じる: master-sync cancel RUN',
  },
  NEVER_SYNCED: {
    meaning: 'このマスタの実行がまだ一度も完了しておらず、クラウドに写しがありません。',
    remedy: '実行: master-sync start-sync',
  },
  COPY_OLD: {
    meaning: '写しが、スケジュールの間隔の二倍より古くなっています。',
    remedy: '今すぐ実行: master-sync start-sync',
  },
  IMPORT_LATE: {
    meaning: '公表の予定からみて、取り込み済みのものより新しいデータがすでに出ているはずです。',
    remedy: '公表元のページを確認し、ファイルがあれば取り込んでください: master-sync import FILE…',
  },
  NOT_EQUAL: {
    meaning: '前回の照合で、違う行が見つかりました。',
    remedy: '行の確認: master-sync runs RUN。その後もう一度実行: master-sync start-sync',
  },
  ROWS_REJECTED: {
    meaning: 'クラウドが現在拒否している行があります。実行のたびにもう一度試します。',
    remedy: '行と理由の確認: master-sync runs RUN',
  },
  APPROVAL_AWAITED: {
    meaning: '変更の一部が保留され、承認または却下を待っています。',
    remedy: '内容の確認: master-sync runs RUN。回答: master-sync approve RUN または master-sync reject RUN',
  },
  QUESTION_REJECTED: {
    meaning: '却下された変更がまだ残っています。実行のたびに保留され、終了コードは 4 になります。',
    remedy: '元かリストを直してください。それでも反映するには: master-sync start-sync --approve',
  },
  MASTER_ON_HOLD: {
    meaning: 'マスタが停止中です。解除するまで、実行しても何も書きません。',
    remedy: '解除: master-sync schedule resume、または master-sync start-sync --approve',
  },
} as const satisfies Readonly<Record<ErrorCode, Words>>
