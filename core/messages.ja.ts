type Said = readonly [RegExp, (...groups: readonly string[]) => string]

/** What happened, in Japanese, where the message of an error says it in words that are known. */
const MESSAGES: readonly Said[] = [
  [/^which master\? There are: (.+)$/u, (names) => `マスタが複数あります: ${names}`],
  [
    /^there is no master "(.+)"; there are: (.+)$/u,
    (name, names) => `${name} というマスタはありません。あるのは: ${names}`,
  ],
  [/^run (\d+) asks nothing/u, (run) => `実行 ${run} は何も尋ねていません。`],
  [
    /^(.+) was (approved|rejected)(?: by (.+?))?(?: at (\S+?))?(?:, in run (\d+))?(?:;|$)/u,
    (which, what, by, at, run) => {
      const circumstances = [by, at, isSaid(run) ? `実行 ${run}` : undefined].filter(isSaid).join('、')
      const when = circumstances === '' ? '' : `（${circumstances}）`
      return `${questionOf(which)}は${what === 'approved' ? '承認' : '却下'}されました${when}。`
    },
  ],
  [
    /^(.+) was superseded(?:: run (\d+) found otherwise)?/u,
    (which, run) =>
      `${questionOf(which)}は無効です。${isSaid(run) ? `実行 ${run} が` : '後の実行が'}別の結果になりました。`,
  ],
  [/^(.+) expired at (\S+?)(?:;|$)/u, (which, at) => `${questionOf(which)}は ${at} に期限が切れました。`],
  [
    /^(.+) is settled: a later run found nothing left to ask/u,
    (which) => `${questionOf(which)}は不要になりました。後の実行では該当する変更がありません。`,
  ],
  [
    /^run (\d+) was undone by run (\d+)$/u,
    (undone, run) => `実行 ${undone} を実行 ${run} が取り消しました。`,
  ],
  [/^there is no run (\d+)$/u, (run) => `実行 ${run} はありません。`],
  [/^the (.+) (\S+) does not exist/u, (role, table) => `${ROLES[role] ?? role} ${table} がありません。`],
  [
    /^no file is named, and none stands in the file of (.+)$/u,
    (master) => `ファイルが指定されておらず、${master} のファイルの import: from: にもありません。`,
  ],
  [
    /^the file of (.+) names no place to fetch from$/u,
    (master) => `${master} のファイルの import: from: に取得元がありません。`,
  ],
  [
    /^(.+) is a file of this machine, and others are URLs$/u,
    (file) => `${file} はこのマシンのファイルで、ほかは URL です。一度には取り込めません。`,
  ],
  [/^(.+) cannot be read: (.+)$/u, (file, reason) => `${file} を読めません: ${reason}`],
  [
    /^(.+) has none of the known forms; its first line has (\d+) values: (.+)$/u,
    (file, count, texts) => `${file} は既知のどの形式でもありません。一行目は ${count} 項目です: ${texts}`,
  ],
  [
    /^(.+) could be any of (.+): say which it is$/u,
    (file, names) => `${file} は複数の形式に当てはまります: ${names}`,
  ],
  [
    /^(.+) is not (\S+), but looks like (.+)$/u,
    (file, wanted, names) => `${file} は ${wanted} ではなく、${names} のファイルのようです。`,
  ],
  [
    /^(.+) lacks columns that (\S+) needs: (.+); its first line has \d+ values: .+$/u,
    (file, feed, columns) => `${file} には ${feed} に必要な列がありません: ${columns}`,
  ],
  [/^(.+) has columns twice: (.+)$/u, (file, columns) => `${file} に同じ名前の列が二つあります: ${columns}`],
  [
    /^"(.+)" is no form; known are (.+)$/u,
    (name, names) => `${name} という形式はありません。あるのは: ${names}`,
  ],
  [/^(.+) was saved by a spreadsheet: (.+)$/u, (file, signs) => damaged(file, signs)],
  [/^no date is known of (.+)$/u, (files) => `いつ時点のデータか分かりません: ${files}`],
  [
    /^(.+) would be of (\S+), which is yet to come$/u,
    (file, date) => `${file} の日付が先の日付になっています: ${date}`,
  ],
  [
    /^(\d+) of (\d+) records cannot be taken over, more than (\S+) %: (.+)$/u,
    (count, all, percent, codes) =>
      `${all} 件中 ${count} 件が取り込めず、上限の ${percent} % を超えています（${codes}）。何も書き込んでいません。`,
  ],
  [
    /^(\S+) has (\S+) (.+) as of (\S+); the files are of (\S+)$/u,
    (table, publication, scope, has, given) =>
      `表 ${table} には ${publication} の ${scope} の ${has} 時点のデータがあり、ファイルは ${given} 時点です。何も書き込んでいません。`,
  ],
  [
    /^of the (\d+) open rows of (\S+) that the files cover, (\d+) are in them by their id; in the files there is (.+), in the table (.+)$/u,
    (open, table, known, given, has) =>
      `ファイルの範囲にある表 ${table} の ${open} 行のうち、id がファイルにあるのは ${known} 行だけです。ファイルの id の例: ${given}、表の id の例: ${has}。何も書き込んでいません。`,
  ],
  [
    /^run (\d+) imported files into the on-prem (\S+);/u,
    (run, table) =>
      `実行 ${run} はオンプレの ${table} にファイルを取り込みました。取り消せるのはクラウドへ書いた変更だけです。`,
  ],
  [
    /^(.+) has the data of (\S+) \((.+)\); that of (\S+) should have been imported by now(?:, and (\d+) before it)?$/u,
    (master, has, title, due, more) =>
      `${master} のデータは ${has} 時点です（${title}）。${due} 時点のデータが取り込まれているはずです。${isSaid(more) ? `それ以前の ${more} 回分も未取り込みです。` : ''}`,
  ],
  [
    /^(\d+) of (\d+) parts of (.+) \((.+)\) stayed behind, the oldest as of (\S+): (.+); that of (\S+) should have been imported by now$/u,
    (behind, all, master, title, oldest, parts, due) =>
      `${master}（${title}）の ${all} の範囲のうち ${behind} が遅れています（最も古いものは ${oldest} 時点）: ${parts}。${due} 時点のデータが取り込まれているはずです。`,
  ],
  [
    /^run (\d+) of \S+ asks about an import that is not there any more|^what run (\d+) has held is not there any more/u,
    (one, other) =>
      `別の取り込みが始まったため、実行 ${isSaid(one) ? one : other} の確認の対象はもうありません。何も書き込んでいません。`,
  ],
]

const ROLES: Readonly<Record<string, string>> = {
  source: '元マスタの表',
  cloud: 'クラウドの表',
  'target list': '対象リストの表',
}

/** What happened, in Japanese; undefined where the message is of no known form. */
export function messageInJapanese(message: string): string | undefined {
  for (const [pattern, say] of MESSAGES) {
    const found = pattern.exec(message)
    if (found !== null) return say(...found.slice(1)) + asksNow(message)
  }
  return undefined
}

function asksNow(message: string): string {
  const run = /; run (\d+) asks now$/u.exec(message)?.[1]
  return run === undefined ? '' : `いま尋ねているのは実行 ${run} です。`
}

function questionOf(which: string | undefined): string {
  return `実行 ${/run (\d+)/u.exec(which ?? '')?.[1] ?? ''} の問い合わせ`
}

function damaged(file: string | undefined, signs: string | undefined): string {
  const ja = (signs ?? '')
    .replaceAll(/(\d+) rows have lost the zero that their codes begin with/gu, '先頭の 0 を失った行 $1')
    .replaceAll(/(\d+) ids became numbers such as 1\.23E\+12/gu, '1.23E+12 のような数値になった id $1')
    .replaceAll(/(\d+) ids became dates/gu, '日付になった id $1')
    .replaceAll(/\(line (\d+): /gu, '($1 行目: ')
  return `${file ?? ''} は表計算ソフトで保存されています: ${ja}。何も取り込んでいません。`
}

/** A group of a pattern may have found nothing. */
function isSaid(text: string | undefined): text is string {
  return text !== undefined
}
