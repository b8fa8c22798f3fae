import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import type { Master } from '../../../core/master.js'
import { MODES } from '../../../core/report.js'
import { startSync, type StartedRun } from '../../../operations/start.js'
import { begunRun } from '../../../operations/started-run.js'
import { audit } from '../../audit.js'
import { errorBox } from '../../error-page.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf, send, sendPage } from '../../markup/layout.js'
import { readAs } from '../../request/read-as.js'
import { Refusal } from '../../request/refusal.js'
import { mayAs } from '../../access/roles.js'
import { masterOf, seeOther, visitOf, type Visit } from '../../request/visit.js'
import { queryOf } from '../../request/fields.js'
import { runPath } from './list.js'

const asked = z.object({ mode: z.enum(MODES), approve: z.literal('1').optional() })
const named = z.object({
  workflow: z.string().min(1).max(1_000),
  execution: z.uuid(),
  attached: z.literal('1').optional(),
})

/** Starts runs, and waits until they have a number. */
export function startPages(server: FastifyInstance): void {
  server.post('/:master/runs/start', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { mode, approve } = readAs(asked, request.body)
    if (approve !== undefined && !mayAs(visit.user.role, 'approver')) throw new Refusal('role', 'approver')
    const started = await startSync(visit.app, master, {
      mode,
      only: [],
      ...(approve === undefined ? {} : { approve: true }),
    })
    await audit(visit, master, mode === 'plan' ? 'run_planned' : 'run_started', {
      mode,
      workflow: started.workflowId,
    })
    return seeStarted(reply, master, started)
  })
  server.get('/:master/runs/started', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { workflow: workflowId, execution: runId, attached } = readAs(named, request.query)
    const begun = await begunRun(visit.app, master, { workflowId, runId })
    if (begun.state === 'recorded') {
      const path = `${runPath(master, begun.run)}${attached === undefined ? '' : '?attached=1'}`
      return visit.partial ? reply.header('hx-redirect', path).send() : seeOther(reply, path)
    }
    const { say } = visit
    const body =
      begun.state === 'waiting'
        ? waiting(visit)
        : html`${begun.report.failure !== null && errorBox(visit, begun.report.failure)}
            <p><a href="${pathOf(master, 'runs')}">${say('実行の一覧へ', 'To the runs')}</a></p>`
    if (visit.partial) return send(reply, body)
    return sendPage(reply, visit, {
      title: say('実行の開始', 'Starting a run'),
      master,
      section: 'runs',
      body,
    })
  })
}

function waiting({ say, path }: Visit): Markup {
  return html`<div class="card" hx-get="${path}" hx-trigger="every 1s" hx-swap="outerHTML" aria-live="polite">
    <p>
      ${say('実行を始めています。ワーカーを待っています…', 'The run is being started: waiting for a worker…')}
    </p>
    <noscript
      ><a class="button second" href="${path}"
        >${say('最新の状態を見る', 'See how it stands now')}</a
      ></noscript
    >
  </div>`
}

/** Leads to a run that was started just now, or is under way already. */
export function seeStarted(
  reply: FastifyReply,
  master: Master,
  { workflowId, runId, how }: StartedRun,
): FastifyReply {
  const query = queryOf({
    workflow: workflowId,
    execution: runId,
    attached: how === 'attached' ? '1' : undefined,
  })
  return seeOther(reply, `${pathOf(master, 'runs')}/started${query}`)
}
