import type { FastifyInstance } from 'fastify'
import type { Master } from '../../../core/master.js'
import { lastRuns } from '../../../operations/runs.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import type { Console } from '../../console.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { orError } from '../health/or-error.js'
import { publications } from '../health/publications.js'
import { runsTable } from '../runs/list.js'
import { places, uploadForm } from './forms.js'
import { replacePages } from './replace.js'
import { successors } from './successors.js'
import { uploadPages } from './upload-pages.js'

/** How far back imports are looked for among the runs, and how many are shown. */
const LOOKED_AT = 200
const SHOWN = 20

/** What is published and comes into the on-prem master. */
export function importPages(server: FastifyInstance, console: Console): void {
  server.get('/:master/imports', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const parts = [imports, successors, publications].map((part) => orError(visit, () => part(visit, master)))
    return sendPage(reply, visit, {
      title: visit.say('取り込み', 'Imports'),
      master,
      section: 'imports',
      body: html`${uploadForm(visit, master)} ${places(visit, master)} ${await Promise.all(parts)}`,
    })
  })
  uploadPages(server, console)
  replacePages(server)
}

async function imports(visit: Visit, master: Master): Promise<Markup> {
  const { say } = visit
  const runs = await lastRuns(visit.app, master, LOOKED_AT)
  const found = runs.filter(({ kind }) => kind === 'import').slice(0, SHOWN)
  const waiting = found.find(({ outcome }) => outcome === 'awaiting_approval')
  return html`<h2>${say('これまでの取り込み', 'Imports so far')}</h2>
    ${
      waiting !== undefined &&
      html`<p class="warning">
        ${say('承認を待っている取り込みがあります。', 'An import waits for approval.')}
        <a href="${pathOf(master, 'decisions')}">${say('判断へ', 'To the decisions')}</a>
      </p>`
    }
    ${
      found.length === 0
        ? html`<p class="soft">
            ${say('まだありません。上の欄でファイルを選ぶと、取り込みで何が変わるかを確かめられます。', 'None yet. Choose files above to see what they would change.')}
          </p>`
        : runsTable(visit, master, found)
    }`
}
