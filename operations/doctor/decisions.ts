import { SyncError } from '../../core/errors.js'
import type { Master } from '../../core/master.js'
import { openQuestion, standingRejection, type AskedQuestion } from '../../db/answers.js'
import { countConflicts } from '../../db/conflicts.js'
import { readHold } from '../../db/holds.js'
import { droppedAmong } from '../../db/import-found.js'
import { mayRead } from '../../db/import-owner.js'
import { readInstallation } from '../../db/installation.js'
import type { App } from '../app.js'
import { examine, type Examined, type Seen } from './examine.js'

/** A master whose runs write nothing until a person says so. */
export function examineHold(app: App, master: Master): Promise<Examined> {
  const { master: name } = master
  return examine({ check: 'hold', master: name }, async () => {
    const hold = await app.onCloud(master, (cloud) => readHold(cloud, name))
    if (hold === undefined) return { seen: 'none' }
    const message = `${name} is on hold since ${hold.at} (${hold.by}): ${hold.reason}`
    return {
      seen: `since ${hold.at}`,
      findings: [
        new SyncError('MASTER_ON_HOLD', message, { remedy: `master-sync schedule resume --master ${name}` }),
      ],
    }
  })
}

/** What waits for a person's word. */
export async function examineDecisions(app: App, master: Master): Promise<readonly Examined[]> {
  const { master: name } = master
  return [
    await examine({ check: 'question', master: name }, async () => {
      const asked = await app.onCloud(master, async (cloud) => [
        (await openQuestion(cloud, name, 'sync')) ?? (await standingRejection(cloud, name)),
        await openQuestion(cloud, name, 'import'),
      ])
      const questions = asked.filter((question) => question !== undefined)
      return describeQuestions(name, questions, await goneOf(app, master, questions))
    }),
    // Nobody need decide them at once: what was edited in the cloud stays until then.
    await examine({ check: 'conflicts', master: name }, async () => {
      const { all, undecided } = await app.onCloud(master, (cloud) => countConflicts(cloud, name))
      return {
        seen: all === 0 ? 'none' : `${all}, of which ${undecided} not decided: master-sync conflicts list`,
      }
    }),
  ]
}

/** Of the runs that ask those whose import was dropped for another; none where the source does not tell. */
async function goneOf(
  app: App,
  master: Master,
  questions: readonly AskedQuestion[],
): Promise<readonly number[]> {
  const runs = questions.filter(({ about }) => about === 'import').map(({ run }) => run)
  if (runs.length === 0) return []
  const ledger = await app.onCloud(master, readInstallation)
  return app
    .onSource(master, async (source) =>
      (await mayRead(source, 'imports')) ? droppedAmong(source, ledger, runs) : [],
    )
    .catch(() => [])
}

function describeQuestions(
  master: string,
  questions: readonly AskedQuestion[],
  gone: readonly number[],
): Seen {
  if (questions.length === 0) return { seen: 'nothing is asked' }
  return {
    seen: questions.map(({ run, state }) => `run ${run} ${state === 'rejected' ? state : 'asks'}`).join(', '),
    findings: questions.map((question) =>
      gone.includes(question.run) ? goneFinding(master, question) : findingOf(master, question),
    ),
  }
}

function goneFinding(master: string, { run }: AskedQuestion): SyncError {
  const message = `run ${run} of ${master} asks about an import that is not there any more: another import of the table was begun since`
  return new SyncError('IMPORT_GONE', message, {
    remedy: `Import the files once more: master-sync import FILE… --master ${master}`,
  })
}

function findingOf(master: string, question: AskedQuestion): SyncError {
  const { run, state, expires_at: until, decided_by: by } = question
  const on = `${run} --master ${master}`
  if (state === 'rejected') {
    const who = by === null ? '' : ` by ${by}`
    const said = `run ${run} of ${master} was rejected${who}; runs go on holding what it asked`
    return new SyncError('QUESTION_REJECTED', said, {
      remedy: [
        `See what it is: master-sync runs ${on}`,
        `It ends when the source or the list is mended. To do it all the same: master-sync start-sync ${master} --approve`,
      ].join('\n'),
    })
  }
  const message = `run ${run} of ${master} waits for approval until ${until}`
  return new SyncError('APPROVAL_AWAITED', message, {
    remedy: [
      `See what it is: master-sync runs ${on}`,
      `yes: master-sync approve ${on}`,
      `no: master-sync reject ${on}`,
    ].join('\n'),
  })
}
