/** How lines of exact remedies begin, in Japanese; what follows is a statement or a command, the same in any language. */
const BEGINNINGS: Readonly<Record<string, string>> = {
  "Where it was renamed, in the cloud (and in the master's file, where it is named):":
    '名前が変わったのなら、クラウドで実行（マスタのファイルに名前があればそこも直す）:',
  'Where it was dropped, and its values are not needed, in the cloud:':
    '削除されたもので、値も要らないのなら、クラウドで実行:',
  'Where they are to stay in the cloud as they are:': '値をクラウドにそのまま残すのなら:',
  'Where it was renamed in the cloud, name it as the source does:':
    'クラウドで名前を変えたのなら、元と同じ名前に戻す:',
  'Run: master-sync setup': '実行: master-sync setup',
  "or correct targets: table: in the master's file.":
    'または、マスタのファイルの targets: table: を直してください。',
  "or correct cloud: table: in the master's file.":
    'または、マスタのファイルの cloud: table: を直してください。',
  "Correct source: table: in the master's file.": 'マスタのファイルの source: table: を直してください。',
  'To create the table of medical institutions:': '医療機関マスタの表を新しく作る場合:',
  'Run master-sync setup, which adds:': 'master-sync setup を実行。次の列が追加されます:',
  'or leave the column out with source: exclude.': 'または source: exclude でその列を除く。',
  'In the cloud, or set a default instead:': 'クラウドで実行、または既定値を設ける:',
  'In the cloud:': 'クラウドで実行:',
  'Leave it out with source: exclude:': '除く場合は source: exclude:',
  'See what is asked now:': '今の問い合わせの確認:',
  'See what the last runs did:': '最近の実行の確認:',
  'then:': 'その後:',
  'See whether it is published:': '公表されているかの確認:',
  'To do it all the same:': 'それでも反映するには:',
  'See what it is:': '内容の確認:',
  'It ends when the source or the list is mended. To do it all the same:':
    '元かリストを直すと終わります。それでも反映するには:',
  'Name a column that is still keep_edits:': 'keep_edits のままの列の指定:',
  'What becomes of the values is decided by a run:': '値がどうなるかは実行が決める:',
  'Create it first, with the columns that it is to have:': '先に、必要な列を持つ表を作成:',
  'Say which master:': 'マスタの指定:',
  'Set AWS_REGION to the region of the bucket.': 'AWS_REGION にバケットのリージョンを設定してください。',
  'Set AWS_REGION to the region of the table.': 'AWS_REGION にテーブルのリージョンを設定してください。',
  'Set AWS_REGION to its region.': 'AWS_REGION にその場所のリージョンを設定してください。',
  'Format the column as text, and type the value again as it is.':
    '列の書式を文字列にしてから、元の値を入力し直してください。',
  'Call the columns id and note in the first line, or as the key is called; or leave that line out.':
    '一行目の列名を id・医療機関コードなどと note・備考など（またはキーの列名）にするか、その行を除いてください。',
  'Save it with commas or tabs between the values.': 'カンマかタブ区切りで保存し直してください。',
  'Put the text that holds a comma or tab into double quotes.':
    'カンマやタブを含む文字列を " で囲んでください。',
  'Name one with --master, or mark one with default: true.':
    '--master で一つ指定するか、どれか一つのファイルに default: true を書いてください。',
  'Name files or URLs, or write URLs under import: from: in the file of the master.':
    'ファイルか URL を指定するか、マスタのファイルの import: from: に URL を書いてください。',
  'Name URLs under import: from: in the file of the master.':
    'マスタのファイルの import: from: に URL を書いてください。',
  'Import files and URLs one after the other.': 'ファイルと URL は別々に取り込んでください。',
  'Look at the columns that the message names. Where it is of one of these forms, say which with --feed NAME:':
    'メッセージにある列を確認してください。次のいずれかの形式であれば、--feed NAME で指定してください:',
  'Run the command again.': 'もう一度実行してください。',
}

const STATEMENT = /^(?:alter|create|grant|update) .*;$/u

/** An exact remedy in Japanese; undefined where not all of it can be said, or it is but statements. */
export function remedyInJapanese(remedy: string): string | undefined {
  const lines = remedy.split('\n').map((line) => ({ line, said: translated(line) }))
  const complete = lines.every(({ line, said }) => said !== undefined || STATEMENT.test(line))
  if (!complete || lines.every(({ said }) => said === undefined)) return undefined
  return lines.map(({ line, said }) => said ?? line).join('\n')
}

function translated(line: string): string | undefined {
  const found = Object.entries(BEGINNINGS).find(([beginning]) => line.startsWith(beginning))
  return found === undefined ? undefined : `${found[1]}${line.slice(found[0].length)}`
}
