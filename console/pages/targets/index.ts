import type { FastifyInstance } from 'fastify'
import { html, type Content, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { mayAs } from '../../access/roles.js'
import type { Console } from '../../console.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import type { Master } from '../../../core/master.js'
import { changeTargets } from './change.js'
import { downloadPage } from './download.js'
import { listed, listSection } from './list.js'
import { pasteForm, pastePages } from './paste.js'
import { foundRows, search, searchBox, searchPage } from './search.js'
import { uploadForm, uploadPages } from './upload.js'
import { wayPage } from './way.js'

/** The list of what the cloud should hold: looked for, added, removed. */
export function targetPages(server: FastifyInstance, console: Console): void {
  server.get('/:master/targets', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const [found, page] = await Promise.all([search(visit, master, {}), listed(visit, master, request.query)])
    return sendPage(reply, visit, {
      title: visit.say('対象リスト', 'Target list'),
      master,
      section: 'targets',
      body: html`${searchBox(visit, master, found)} ${foundRows(visit, master, found)} ${more(visit, master)}
      ${listSection(visit, master, page)} ${downloads(visit, master)}`,
    })
  })
  searchPage(server)
  changeTargets(server)
  wayPage(server)
  downloadPage(server)
  pastePages(server)
  uploadPages(server, console)
}

function more(visit: Visit, master: Master): Content {
  const { say, user } = visit
  if (!mayAs(user.role, 'editor')) return false
  return html`<details class="card">
      <summary>${say('表計算ソフトの列を貼り付けて追加', 'Paste a column of a spreadsheet')}</summary>
      ${pasteForm(visit, master)}
    </details>
    <details class="card">
      <summary>${say('ファイルから反映', 'Take over a file')}</summary>
      ${uploadForm(visit, master)}
    </details>`
}

function downloads({ say }: Visit, master: Master): Markup {
  const path = pathOf(master, 'targets')
  return html`<p class="row">
    <span>${say('ダウンロード', 'Download')}:</span>
    <a href="${path}/download.csv">CSV</a>
    <a href="${path}/download.yaml">YAML</a>
    <a href="${path}/download.xlsx">Excel</a>
  </p>`
}
