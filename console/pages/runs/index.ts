import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Master } from '../../../core/master.js'
import { holdOf } from '../../../operations/hold.js'
import { lastRuns } from '../../../operations/runs.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { readAs } from '../../request/read-as.js'
import type { Console } from '../../console.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { chart } from './chart.js'
import { detailPages } from './detail-pages.js'
import { runsTable } from './list.js'
import { monthPages } from './month-pages.js'
import { holdBox, startForms } from './start.js'
import { startPages } from './start-pages.js'
import { undoPages } from './undo.js'

const SHOWN = 30

/** What runs did, are doing, and can be started. */
export function runPages(server: FastifyInstance, { settings }: Console): void {
  server.get('/:master/runs', async (request, reply) => {
    const visit = visitOf(request)
    const { app, say } = visit
    const master = masterOf(request)
    const before = placeOf(request)
    const [reports, hold] = await Promise.all([
      lastRuns(app, master, SHOWN + 1, before),
      // What is shown stands in the ledger: it is there without Temporal as well.
      holdOf(app, master),
    ])
    const shown = reports.slice(0, SHOWN)
    return sendPage(reply, visit, {
      title: say('実行', 'Runs'),
      master,
      section: 'runs',
      body: html`${before === undefined && html`${holdBox(visit, master, hold)} ${startForms(visit, master)}`}
        <h2>${before === undefined ? say('最近の実行', 'Last runs') : say('以前の実行', 'Earlier runs')}</h2>
        ${shown.length === 0 ? html`<p class="soft">${say('まだ実行がありません', 'No runs yet')}</p>` : html`${chart(visit, shown)} ${runsTable(visit, master, shown)}`}
        ${around(visit, master, before, reports.length > SHOWN ? shown.at(-1)?.run : undefined)}`,
    })
  })
  startPages(server)
  monthPages(server)
  undoPages(server)
  detailPages(server, settings)
}

function around(
  { say }: Visit,
  master: Master,
  before: number | undefined,
  next: number | undefined,
): Markup {
  const path = pathOf(master, 'runs')
  return html`<nav class="row" aria-label="${say('ページ', 'Pages')}">
    ${before !== undefined && html`<a href="${path}">${say('最新へ', 'Newest')}</a>`}
    ${next !== undefined && html`<a href="${path}?before=${next}">${say('さらに前へ', 'Older')}</a>`}
    <a href="${path}/month">${say('月次報告', 'Monthly report')}</a>
  </nav>`
}

const place = z.object({ before: z.coerce.number().int().positive().optional() })

function placeOf(request: FastifyRequest): number | undefined {
  return readAs(place, request.query).before
}
