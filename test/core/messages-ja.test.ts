import assert from 'node:assert/strict'
import { chooseMaster } from '../../config/masters.js'
import { questionClosed } from '../../core/closed-question.js'
import { SyncError } from '../../core/errors.js'
import { parseMasterFile } from '../../core/master-file.js'
import type { Question } from '../../core/question.js'
import { feedNamed, recognise } from '../../feeds/feeds.js'
import { placesOf } from '../../operations/import.js'
import { errorText } from '../../scripts/error-text.js'

const MASTERS = ['orgs', 'ika'].map((name) =>
  parseMasterFile(
    `${name}.yaml`,
    `master: ${name}\nsource: { table: orgs, key: [id] }\ntargets: { table: listed }\ncloud: { table: ${name} }\n`,
  ),
)

const QUESTION: Question = {
  run: 6,
  state: 'superseded',
  asked_at: '',
  expires_at: '2026-11-30T00:00:00.000Z',
  decided_by: null,
  decided_at: null,
  reason: null,
  successor: 8,
}

/** What is printed of an error in Japanese. */
function japanese(work: () => unknown): string {
  try {
    const error = work()
    assert.ok(error instanceof SyncError)
    throw error
  } catch (error) {
    assert.ok(error instanceof SyncError, String(error))
    return errorText(error)
      .split('\n')
      .filter((line) => !line.startsWith('[') && /[\u3040-\u30ff\u4e00-\u9fff]/u.test(line))
      .map((line) => line.trim())
      .join('\n')
  }
}

describe('the Japanese of an error', () => {
  it('says what happened, and what mends just that', () => {
    assert.equal(
      japanese(() => chooseMaster(MASTERS, undefined)),
      'マスタが複数あります: orgs, ika\n→ --master で一つ指定するか、どれか一つのファイルに default: true を書いてください。',
    )
    const [master] = MASTERS
    assert.ok(master !== undefined)
    assert.match(
      japanese(() => placesOf(master, [])),
      /^ファイルが指定されておらず、orgs の.*\n→ ファイルか URL を指定するか、/u,
    )
    assert.match(
      japanese(() => recognise('a.csv', ['a', 'b'], undefined)),
      /^a\.csv は既知のどの形式でもありません。.*2 項目です: a, b\n→ .*--feed NAME で指定してください: iryojohonet-hospital, /u,
    )
    assert.match(
      japanese(() => feedNamed('ika')),
      /^ika という形式はありません。あるのは: iryojohonet-hospital, /u,
    )
    const damaged =
      'a.csv was saved by a spreadsheet: 3 rows have lost the zero that their codes begin with (line 2: 1)'
    assert.match(
      japanese(() => new SyncError('IMPORT_DAMAGED', damaged)),
      /^a\.csv は.*: 先頭の 0 を失った行 3 \(2 行目: 1\)。.*\n→ .* --repair /u,
    )
  })

  it('gives the one reason why a question is closed', () => {
    const closed = (patch: Partial<Question>, asks?: number) =>
      japanese(() => questionClosed('ika', 6, { ...QUESTION, ...patch }, asks)).split('\n')[0]
    assert.equal(closed({}), '実行 6 の問い合わせは無効です。実行 8 が別の結果になりました。')
    assert.equal(
      closed({}, 9),
      '実行 6 の問い合わせは無効です。後の実行が別の結果になりました。いま尋ねているのは実行 9 です。',
    )
    assert.equal(
      closed({ state: 'approved', decided_by: '鈴木', decided_at: '2026-11-24T01:00:00Z', successor: 7 }),
      '実行 6 の問い合わせは承認されました（鈴木、2026-11-24T01:00:00Z、実行 7）。',
    )
    assert.equal(closed({ state: 'rejected' }), '実行 6 の問い合わせは却下されました。')
    assert.match(closed({ state: 'expired' }) ?? '', /は 2026-11-30T00:00:00\.000Z に期限が切れました。$/u)
    assert.match(closed({ state: 'settled' }) ?? '', /は不要になりました。/u)
    assert.equal(
      japanese(() => questionClosed('ika', 6, undefined, undefined)).split('\n')[0],
      '実行 6 は何も尋ねていません。',
    )
  })
})
