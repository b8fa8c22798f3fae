import assert from 'node:assert/strict'
import { emptyReport, NO_ROWS } from '../../core/empty-report.js'
import { ERRORS } from '../../core/error-catalogue.js'
import { noticeOf, type Notice } from '../../core/notice.js'
import type { Language } from '../../core/message.js'
import { noticeText } from '../../core/notice-text.js'
import type { Question } from '../../core/question.js'
import { MODES, OUTCOMES, type RunReport } from '../../core/report.js'
import { renderReport } from '../../scripts/report-text.js'
import { webhookBody } from '../../core/webhook-body.js'

const TITLE = '医療機関マスタ'
const BEGUN = emptyReport({
  run: 12,
  master: 'medical_orgs',
  mode: 'apply',
  startedAt: '2026-11-23T03:00:00Z',
  seconds: 1,
  workflow: { id: 'w', run_id: 'r' },
})
const FAILURE = {
  code: 'REJECTS_EXCEEDED',
  message: 'the cloud refuses 12 rows',
  remedy: ERRORS.REJECTS_EXCEEDED.remedy,
}
const report = (patch: Partial<RunReport>): RunReport => ({
  ...BEGUN,
  outcome: 'completed',
  equal: true,
  ...patch,
})
const ROWS = { ...NO_ROWS, inserted: 3, rejected: 2 }

const NONE = { rows: 0, sample: [] }

const asked = (run: number): Question => ({
  run,
  state: 'open',
  asked_at: '2026-11-23T03:00:00.000Z',
  expires_at: '2026-11-30T03:00:00.000Z',
  decided_by: null,
  decided_at: null,
  reason: null,
  successor: null,
})

/** What the files of the last import were, found once more. */
const loadedBefore = (asOf: string): RunReport['import'] => ({
  import: '7',
  publication: 'kouseikyoku',
  files: ['2020-01-01', asOf].map((as_of) => ({
    ...{ file: 'list.csv', feed: 'kouseikyoku-ika', as_of, encoding: null },
    ...{ records: 3, rows: 3, folded: 0, reported: 0 },
  })),
  findings: { counts: {}, first: [] },
  folded: 0,
  contradicting: { rows: 0, sample: [] },
  ...{ added: NONE, changed: NONE, reopened: NONE, absent: NONE, respelled: 0, unchanged: 3, scopes: [] },
  ...{ enriches: null, uncompared: [], loaded_before: true, written: null },
})

const text = (notice: Notice, language: Language) => noticeText(notice, TITLE, language)

describe('a notice', () => {
  it('is made of runs that failed, ask, met refused rows, or ended unequal, and of no others', () => {
    const kind = (patch: Partial<RunReport>): string | undefined => noticeOf(report(patch))?.kind
    assert.equal(kind({ outcome: 'failed', equal: null }), 'failed')
    assert.equal(kind({ outcome: 'completed_with_rejects' }), 'rejects')
    assert.equal(kind({ outcome: 'completed_with_rejects', equal: false }), 'unequal')
    assert.equal(kind({ outcome: 'completed', equal: false }), 'unequal')
    assert.equal(kind({ outcome: 'awaiting_approval', question: asked(12) }), 'held')
    for (const outcome of ['completed', 'nothing_to_do', 'rejected', 'cancelled', null] as const)
      assert.equal(kind({ outcome }), undefined)
    for (const mode of MODES.filter((each) => each !== 'apply'))
      for (const outcome of OUTCOMES) assert.equal(kind({ mode, outcome, equal: false }), undefined)
  })

  it('is made of lists that could not be read or written, without what stands in them', () => {
    const failure = { ...FAILURE, code: 'LIST_INVALID', message: 'lists/sales.yaml:3:5 0123456 …' }
    const notice = noticeOf(
      report({
        lists: [{ list: 'lists/sales.yaml', entries: 3, added: 0, changed: 0, removed: 0, failure }],
        published: [{ list: 's3://cloud/held.csv', entries: 3, failure: null }],
      }),
    )
    assert.deepEqual(notice, {
      kind: 'lists',
      run: 12,
      master: 'medical_orgs',
      lists: [{ list: 'lists/sales.yaml', code: 'LIST_INVALID' }],
    })
    assert.deepEqual(text(notice, 'ja'), {
      title: `${TITLE} (medical_orgs): 実行 12 で、読み書きできない対象リストがあります`,
      lines: ['[LIST_INVALID] lists/sales.yaml'],
      commands: ['master-sync runs 12 --master medical_orgs', 'master-sync doctor'],
    })
  })

  it('is made of a question once, by the run that asks it', () => {
    const kind = (patch: Partial<RunReport>): string | undefined =>
      noticeOf(report({ outcome: 'awaiting_approval', ...patch }))?.kind
    assert.equal(kind({ question: asked(11) }), undefined)
    assert.equal(kind({ question: { ...asked(12), state: 'rejected' } }), undefined)
    assert.equal(kind({ question: asked(11), equal: false }), 'unequal')
    assert.equal(kind({ question: asked(11), rows: ROWS }), 'rejects')
  })

  it('is made of imports as well, and of one that found only what it had though newer data is due', () => {
    const notice = (patch: Partial<RunReport>): Notice | undefined =>
      noticeOf(report({ kind: 'import', started_at: '2026-12-20T03:00:00Z', ...patch }))
    assert.deepEqual(notice({ outcome: 'failed', failure: FAILURE, equal: null })?.kind, 'import_failed')
    assert.equal(notice({ outcome: 'awaiting_approval', question: asked(12) })?.kind, 'import_held')
    assert.equal(notice({ outcome: 'awaiting_approval', question: asked(11) }), undefined)
    assert.equal(notice({ outcome: 'completed_with_rejects', rows: ROWS })?.kind, 'import_rejects')
    assert.equal(notice({ equal: false })?.kind, 'import_unequal')

    const again = { outcome: 'nothing_to_do', rows: ROWS, import: loadedBefore('2026-10-01') } as const
    const late = notice(again)
    assert.ok(late !== undefined)
    assert.deepEqual(late, {
      ...{ kind: 'late', run: 12, master: 'medical_orgs' },
      ...{ publication: 'kouseikyoku', as_of: '2026-10-01', due: '2026-11-01' },
    })
    assert.equal(notice({ ...again, started_by: '佐藤' }), undefined)
    assert.equal(notice({ ...again, import: loadedBefore('2026-11-01') }), undefined)
    assert.deepEqual(text(late, 'ja'), {
      title: `${TITLE} (medical_orgs): 2026-11-01 時点のデータがまだ見つかりません`,
      lines: [
        'コード内容別医療機関一覧表: 前回と同じ 2026-10-01 時点のファイルでした。公表元のページを確認してください。',
      ],
      commands: ['master-sync doctor', 'master-sync runs 12 --master medical_orgs'],
    })
    assert.match(
      text(late, 'en').title,
      /: the data of 2026-11-01 should be published by now, and was not found$/u,
    )
    assert.match(
      renderReport(report({ kind: 'import', started_at: '2026-12-20T03:00:00Z', ...again })),
      /the same files as import 7: .*\n {2}! late 遅れ {4}kouseikyoku is as of 2026-10-01; that of 2026-11-01 should/u,
    )
  })

  it('of a question has counts, until when, and the commands that answer it', () => {
    const held = [
      { kind: 'removals', rows: 30, reason: 'more than 5 % of the 40 rows tracked', causes: [] },
      { kind: 'edits', rows: 1, reason: 'a reason', causes: [] },
    ] as const
    const notice = noticeOf(report({ outcome: 'awaiting_approval', question: asked(12), held: [...held] }))
    assert.ok(notice !== undefined)
    assert.doesNotMatch(JSON.stringify(notice), /reason/u)
    assert.deepEqual(text(notice, 'en'), {
      title: '医療機関マスタ (medical_orgs): run 12 waits for approval',
      lines: [
        'removals: 30 rows',
        'edited in the cloud: 1 row',
        'until 2026-11-30 03:00 UTC; all else is written',
      ],
      commands: [
        'master-sync runs 12 --master medical_orgs',
        'master-sync approve 12 --master medical_orgs',
        'master-sync reject 12 --master medical_orgs',
      ],
    })
    const ja = text(notice, 'ja')
    assert.equal(ja.title, '医療機関マスタ (medical_orgs): 実行 12 が承認を待っています')
    assert.equal(ja.lines[0], '削除: 30 行')
    assert.deepEqual(ja.commands, text(notice, 'en').commands)
  })

  it('holds no ids', () => {
    const ids = { missing_ids: [{ id: 'ID-1', did_you_mean: null }], unequal_ids: ['ID-2'] }
    assert.doesNotMatch(JSON.stringify(noticeOf(report({ ...ids, equal: false }))), /ID-/u)
  })

  it('says which run of which master failed, why, and what answers it', () => {
    const notice = { kind: 'failed', run: 12, master: 'medical_orgs', failure: FAILURE } as const
    assert.deepEqual(text(notice, 'en'), {
      title: '医療機関マスタ (medical_orgs): run 12 failed',
      lines: ['[REJECTS_EXCEEDED] the cloud refuses 12 rows', `→ ${FAILURE.remedy}`],
      commands: ['master-sync runs 12 --master medical_orgs', 'master-sync start-sync medical_orgs'],
    })
    const { title, lines, commands } = text(notice, 'ja')
    assert.equal(title, '医療機関マスタ (medical_orgs): 実行 12 が失敗しました')
    assert.match(lines.join('\n'), /^\[REJECTS_EXCEEDED\] the cloud refuses 12 rows\n.*上限.*\n→ .*$/u)
    assert.deepEqual(commands, text(notice, 'en').commands)
  })

  it('gives the exact remedy where it is known, in either language', () => {
    const remedy = 'grant select on orgs to reader;'
    const failure = { code: 'PERMISSION_DENIED', message: 'm', remedy }
    for (const language of ['ja', 'en'] as const)
      assert.ok(
        text({ kind: 'failed', run: 1, master: 'm', failure }, language).lines.includes(`→ ${remedy}`),
      )
    const drop = { ...failure, remedy: 'In the cloud:\nalter table orgs drop column beds;' }
    assert.equal(
      text({ kind: 'failed', run: 1, master: 'm', failure: drop }, 'ja').lines.at(-1),
      '→ クラウドで実行:\nalter table orgs drop column beds;',
    )
  })

  it('quotes no server that speaks of data', () => {
    const message = 'the source database: invalid input syntax for type integer: "山田" (22P02)'
    const failure = { code: 'STATEMENT_REFUSED', message, remedy: '' }
    for (const language of ['ja', 'en'] as const) {
      const { lines } = text({ kind: 'failed', run: 1, master: 'm', failure }, language)
      assert.match(lines.join('\n'), /SQLSTATE 22P02/u)
      assert.doesNotMatch(lines.join('\n'), /山田/u)
    }
  })

  it('counts rows in words', () => {
    const rejects = { kind: 'rejects', run: 12, master: 'orgs', rows: ROWS, targets: 900 } as const
    const en = noticeText(rejects, 'orgs', 'en')
    assert.equal(en.title, 'orgs: run 12 completed, but the cloud refuses 2 rows')
    assert.deepEqual(en.lines, ['900 targets · 3 inserted · 2 rejected'])
    assert.deepEqual(noticeText(rejects, 'orgs', 'ja').lines, ['対象 900 · 追加 3 · 拒否 2'])
    const unequal = noticeText({ ...rejects, kind: 'unequal' }, 'orgs', 'en')
    assert.equal(unequal.title, 'orgs: after run 12 source and cloud are not equal')
  })

  it('tells of runs that never were', () => {
    const titles = (language: Language): readonly string[] =>
      (
        [
          { kind: 'missed', master: 'orgs', count: 1 },
          { kind: 'skipped', master: 'orgs', count: 3 },
          { kind: 'old', master: 'orgs', seconds: 3 * 86_400, paused: true },
          { kind: 'old', master: 'orgs', paused: false },
        ] as const
      ).map((notice) => noticeText(notice, 'orgs', language).title)
    assert.deepEqual(titles('en'), [
      'orgs: 1 scheduled run was missed',
      'orgs: 3 scheduled runs were left out, for the one before was still under way',
      'orgs: the copy in the cloud is 3 days old',
      'orgs: was never synced, though its schedule is there',
    ])
    assert.deepEqual(titles('ja'), [
      'orgs: 定期実行が 1 回、開始されないまま過ぎました',
      'orgs: 前の実行が続いているため、定期実行を 3 回見送りました',
      'orgs: クラウドの写しは 3 日前のものです',
      'orgs: まだ一度も同期が完了していません',
    ])
  })

  it('is markup in no chat, whatever a server says', () => {
    const told = {
      title: 'a & b',
      lines: ['<!channel> **x** [y](http://z)'],
      commands: ['master-sync doctor'],
    }
    assert.deepEqual(webhookBody(told, 'slack'), {
      text: '*a &amp; b*\n&lt;!channel&gt; **x** [y](http://z)\n`master-sync doctor`',
    })
    const teams = JSON.stringify(webhookBody(told, 'teams'))
    assert.match(
      teams,
      /^\{"type":"message","attachments":\[\{"contentType":"application\/vnd\.microsoft\.card\.adaptive"/u,
    )
    assert.match(teams, /\{"type":"TextRun","text":"<!channel> \*\*x\*\* \[y\]\(http:\/\/z\)"\}/u)
    assert.doesNotMatch(teams, /"TextBlock"/u)
  })
})
