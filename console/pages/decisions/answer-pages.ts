import type { FastifyInstance, FastifyReply } from 'fastify'
import { SyncError } from '../../../core/errors.js'
import type { Master } from '../../../core/master.js'
import { approveRun, rejectRun } from '../../../operations/answers.js'
import { changeSchedules } from '../../../operations/schedules.js'
import { audit } from '../../audit.js'
import { errorBox } from '../../error-page.js'
import { html } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { masterOf, seeOther, visitOf, type Visit } from '../../request/visit.js'
import { runOf } from '../../request/run.js'
import { runPath } from '../runs/list.js'
import { seeStarted } from '../runs/start-pages.js'
import { words } from '../../request/fields.js'
import { REASON_CHARACTERS } from './question.js'

const APPROVER = { config: { role: 'approver' } } as const

/** Answers questions, and ends a hold. */
export function answerPages(server: FastifyInstance): void {
  server.post('/:master/decisions/:run/approve', APPROVER, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const run = runOf(request)
    const reason = reasonIn(request.body)
    return orTold(reply, visit, master, async () => {
      const started = await approveRun(visit.app, master, run, reason)
      // Of two people the one who was faster has decided.
      if (started.how === 'started')
        await audit(visit, master, 'approved', {
          run,
          workflow: started.workflowId,
          ...(reason === null ? {} : { reason }),
        })
      return seeStarted(reply, master, started)
    })
  })
  server.post('/:master/decisions/:run/reject', APPROVER, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const run = runOf(request)
    const reason = reasonIn(request.body)
    return orTold(reply, visit, master, async () => {
      await rejectRun(visit.app, master, run, reason)
      await audit(visit, master, 'rejected', { run, ...(reason === null ? {} : { reason }) })
      return seeOther(reply, runPath(master, run))
    })
  })
  server.post('/:master/decisions/resume', APPROVER, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    await changeSchedules(visit.app, master, 'resume', 'resumed in the console')
    await audit(visit, master, 'resumed')
    return seeOther(reply, pathOf(master, 'runs'))
  })
}

function reasonIn(body: unknown): string | null {
  const reason = words(body, 'reason')?.trim() ?? ''
  return reason === '' ? null : reason.slice(0, REASON_CHARACTERS)
}

/** What could not be decided is told with the way back to what can be. */
export async function orTold(
  reply: FastifyReply,
  visit: Visit,
  master: Master,
  decide: () => Promise<FastifyReply>,
): Promise<FastifyReply> {
  try {
    return await decide()
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    return sendPage(reply.code(409), visit, {
      title: visit.say('決定できませんでした', 'Nothing was decided'),
      master,
      section: 'decisions',
      body: html`${errorBox(visit, error)}
        <p>
          <a href="${pathOf(master, 'decisions')}">${visit.say('判断へ戻る', 'Back to the decisions')}</a>
        </p>`,
    })
  }
}
