import type { FastifyInstance } from 'fastify'
import { rowsOf } from '../../../operations/search.js'
import { bringingRun } from '../../../operations/targets/way.js'
import { html } from '../../markup/html.js'
import { pathOf, send, sendPage } from '../../markup/layout.js'
import { all, one } from '../../request/fields.js'
import { masterOf, visitOf } from '../../request/visit.js'
import type { Way } from './way-rows.js'
import { waySteps } from './way-steps.js'

const MOST = 20

/** The way of rows to the cloud, or out of it, to its end. */
export function wayPage(server: FastifyInstance): void {
  server.get('/:master/targets/way', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { query } = request
    const execution = one(query, 'run')
    const ids = all(query, 'id')
    const way: Way = {
      what: one(query, 'what') ?? 'add',
      found: await rowsOf(visit.app, master, ids.slice(0, MOST)),
      total: countIn(one(query, 'of')) ?? ids.length,
      run: execution === undefined ? undefined : await bringingRun(visit.app, master, execution),
      behind: one(query, 'behind'),
      waits: one(query, 'waits'),
    }
    const shown = waySteps(visit, master, way)
    if (visit.partial) return send(reply, shown)
    return sendPage(reply, visit, {
      title: visit.say('クラウドへの反映', 'On the way to the cloud'),
      master,
      section: 'targets',
      body: html`${shown}
        <p><a href="${pathOf(master, 'targets')}">${visit.say('対象リストへ', 'To the target list')}</a></p>`,
    })
  })
}

function countIn(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/u.test(text) ? Number(text) : undefined
}
