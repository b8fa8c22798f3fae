import type { FastifyInstance } from 'fastify'
import { temporalConfig } from '../../../config/temporal.js'
import { SyncError } from '../../../core/errors.js'
import type { RunReport } from '../../../core/report.js'
import type { App } from '../../../operations/app.js'
import { look } from '../../../operations/follow.js'
import { fullCopy } from '../../../operations/full-copy.js'
import { rowNames } from '../../../operations/row-names.js'
import { cancelRun, fateOf } from '../../../operations/cancel.js'
import { oneRun } from '../../../operations/runs.js'
import { audit } from '../../audit.js'
import { send, sendPage } from '../../markup/layout.js'
import type { ConsoleSettings } from '../../settings.js'
import { masterOf, seeOther, visitOf } from '../../request/visit.js'
import { one } from '../../request/fields.js'
import { runOf } from '../../request/run.js'
import { runPage } from './detail.js'
import { runPath } from './list.js'
import { underWay, type Standing } from './progress.js'
import { whatWord } from './words.js'

/** One run: what it did, or where it stands. */
export function detailPages(server: FastifyInstance, settings: ConsoleSettings): void {
  server.get('/:master/runs/:run', async (request, reply) => {
    const visit = visitOf(request)
    const { app, say } = visit
    const master = masterOf(request)
    const detail = await oneRun(app, master, runOf(request))
    const { report } = detail
    // Numbers are those of the ledger, whatever the master.
    if (report.master !== master.master)
      return seeOther(reply, runPath(app.master(report.master), report.run))
    const [names, full, standing] = await Promise.all([
      rowNames(
        app,
        master,
        [...detail.sample, ...detail.left].map(({ id }) => id),
      ),
      isCompared(report) ? fullCopy(app, master, report.run) : undefined,
      report.outcome === null ? standingOf(app, report) : undefined,
    ])
    return sendPage(reply, visit, {
      title: say(
        `実行 ${report.run}（${whatWord(say, report)}）`,
        `Run ${report.run} (${whatWord(say, report)})`,
      ),
      master,
      section: 'runs',
      body: runPage(visit, master, {
        detail,
        names,
        full,
        standing,
        workflow: workflowPath(settings, report),
        attached: one(request.query, 'attached') === '1',
      }),
    })
  })
  server.get('/:master/runs/:run/progress', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const run = runOf(request)
    const { report } = await oneRun(visit.app, master, run)
    // The whole page is another one now.
    if (report.outcome !== null)
      return visit.partial ? reply.header('hx-refresh', 'true').send() : seeOther(reply, runPath(master, run))
    return send(reply, underWay(visit, master, await standingOf(visit.app, report)))
  })
  server.post('/:master/runs/:run/cancel', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const run = runOf(request)
    await cancelRun(visit.app, master, run, one(request.body, 'lost') === '1')
    await audit(visit, master, 'run_cancelled', { run })
    return seeOther(reply, runPath(master, run))
  })
}

/** With a copy of everything only what compared everything, and came to its end. */
function isCompared({ kind, mode, outcome }: RunReport): boolean {
  return (
    kind === 'sync' && mode === 'apply' && outcome !== null && outcome !== 'failed' && outcome !== 'cancelled'
  )
}

/** What the ledger has under way is shown while Temporal is away as well. */
async function standingOf(app: App, report: RunReport): Promise<Standing> {
  const { id, run_id: executionId } = report.workflow
  try {
    const client = await app.temporal()
    const sight = await look(client, { workflowId: id })
    const fate = await fateOf(client, { workflowId: id, executionId })
    return { report, sight: fate === 'running' ? sight : undefined, fate }
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    return { report, sight: undefined, fate: undefined }
  }
}

function workflowPath({ temporalUi }: ConsoleSettings, { workflow }: RunReport): string | undefined {
  if (temporalUi === undefined || workflow.id === '') return undefined
  const parts = [temporalConfig().namespace, 'workflows', workflow.id, workflow.run_id]
  return `${temporalUi.replace(/\/$/u, '')}/namespaces/${parts.map(encodeURIComponent).join('/')}`
}
