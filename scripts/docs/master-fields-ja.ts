/** The fields of a master's file in Japanese, by their path. */
const MASTER_FIELDS_JA: Readonly<Record<string, string>> = {
  master: 'コマンド、Temporal、台帳で使う名前',
  title: '人に見せる名前',
  default: 'コマンドで名前を省いたときに選ぶマスタ',
  source: 'オンプレの表またはビュー',
  'source.table': 'schema.table。点や引用符を含む名前は二重引用符で囲む',
  'source.key': '行を決める列（文字列、整数、uuid）',
  'source.exclude': 'オンプレから出さない列',
  'source.database': '接続 URL を持つ環境変数',
  import: '公表されたファイルで、オンプレの表を最新に保つ方法',
  'import.csv': '独自の CSV を行にする方法。省くと厚生労働省の形式を読む',
  'import.csv.columns': 'ファイルの列を、先頭行の見出しで、表のどの列に入れるか',
  'import.csv.columns.…': '見出し。必須にするには header と required',
  'import.csv.key': '行を決める、表の列',
  'import.csv.scope':
    'ファイルがマスタのどの部分を含むかを示す列。ファイルにある部分の行だけが「なくなった」とみなされる。省くと全体',
  'import.csv.encoding': 'ファイルの文字コード。省くと UTF-8、そうでなければ CP932',
  'import.csv.delimiter': '区切り文字。省くと先頭行から判断する',
  'import.csv.as_of': 'データの日付。ファイル名に日付がない場合',
  'import.feed': 'ファイルの形式（ファイルから判別できない場合。import --feed と同じ）',
  'import.personal': '個人名を読むか',
  'import.from':
    'ファイルの公開場所。ファイルの URL、または日付の付いたファイルへのリンクがあるページの URL（最新のものを使う）',
  'import.schedule': 'ファイルを確認しに行く時刻。省くと自動では取り込まない',
  'import.schedule.cron': '分 時 日 月 曜日',
  'import.schedule.timezone': 'その時刻のタイムゾーン（IANA）',
  'import.guards': '取り込みが自分で行ってよい範囲。上限を超える種類の変更は承認を待つ',
  'import.guards.inserts': '新しい行。ファイルが含む部分に行がまだない間は制限なし',
  'import.guards.updates': '変更される行',
  'import.guards.removals': '閉鎖とする行',
  'import.guards.rejects': '取り込めないレコード。上限を超えるとファイル全体を受け付けない',
  'import.guards.rejects.percent': 'ファイルのレコードに対する割合の上限',
  targets: 'クラウドに置くべき id のリスト',
  'targets.table':
    'オンプレミスにあるリストのテーブル（schema.table）。省くとリストはクラウドのデータベースだけに置かれ、オンプレミス側は読み取り権限だけで足りる',
  'targets.lists':
    'ファイル（.yaml、.csv、.xlsx。マスタのフォルダーからのパス）、s3://バケット/キー、dynamodb://表。実行のたびに、始めに読んで表に反映する',
  'targets.publish': '同じ形。クラウドに行がある id を、実行のたびに書き出す',
  'targets.notes': 'クラウドのデータベースに id と共にメモも置くか',
  cloud: 'クラウドの表',
  'cloud.table': 'schema.table。点や引用符を含む名前は二重引用符で囲む',
  'cloud.database': '接続 URL を持つ環境変数',
  columns:
    'overwrite（既定）: 元マスタと等しく保つ · keep_edits: クラウドでの編集を残す · fill_empty: クラウドが空の間だけ書く · insert_only: 新しい行にだけ書き、以後は触らない',
  'columns.…': 'その列の扱い',
  search: '画面（console）で元マスタの行を探す方法',
  'search.text': '語を探す列。省くと *_search の列、なければ name や title などの列',
  'search.filters': '値を一つ選んで絞り込む列。省くと prefecture_code と institution_type（あれば）',
  'search.show': '行を見分けるために表示する列。先頭が名称。省くと名称や所在地など',
  lock: 'クラウドの表の真偽値の列。真の間、その行は書き換えも削除もしない',
  removals:
    'クラウドにあるべきでなくなった行の扱い。delete: 削除 · keep: そのまま残す · mark: sync_removed_at と sync_removed_reason を書く',
  'removals.untargeted': 'リストから外れた行',
  'removals.gone': '元マスタから消えた行',
  guards: '実行が自分で行ってよい範囲。上限を超える種類の変更は承認を待つ',
  'guards.inserts': '新しい行。全件の実行が一度完了するまでは制限なし',
  'guards.updates': '変更される行',
  'guards.removals': '削除される行、削除印が付く行',
  'guards.rejects': 'クラウドが拒否する行。上限を超えると実行は失敗する',
  'guards.approval_within': '承認を待つ期間',
  'guards.approval_by_another': '実行を開始した人は承認できないようにする',
  history: '行ごとの記録',
  'history.keep': '変更を記録し、取り消せる期間',
  schedule: '自動で実行する時刻。無ければ自動では実行しない',
  'schedule.cron': '分 時 日 月 曜日',
  'schedule.timezone': 'その時刻のタイムゾーン（IANA）',
  'schedule.after': 'import: マスタの取り込みが何かを書き込むと、続けて実行する',
}

/** The two ways to set a limit, of a sync and of an import. */
const LIMIT_JA: Readonly<Record<string, string>> = {
  'guards.rows': '行数の上限',
  'guards.percent': '実行開始時に保っている行に対する割合の上限。10 行から数える',
  'import.guards.rows': '行数の上限',
  'import.guards.percent': 'ファイルが含む部分の営業中の行に対する割合の上限。10 行から数える',
}

/** @throws Error for a field that has no words yet */
export function inJapanese(path: string): string {
  const words = MASTER_FIELDS_JA[path] ?? LIMIT_JA[path.replace(/(?<=guards\.)\w+\.(?=\w+$)/u, '')]
  if (words === undefined)
    throw new Error(`${path}: its Japanese is missing in scripts/docs/master-fields-ja.ts`)
  return words
}
