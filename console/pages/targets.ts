import type { FastifyInstance } from 'fastify'
import { targets } from '../../operations/targets/list.js'
import { html, type Markup } from '../html.js'
import { sendPage } from '../layout.js'
import type { Console } from '../server.js'
import { masterOf, visitOf, type Visit } from '../visit.js'

/** The list of what the cloud should hold. */
export function targetPages(server: FastifyInstance, _console: Console): void {
  server.get('/:master/targets', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const listed = await targets(visit.app, master)
    return sendPage(reply, visit, {
      title: visit.say('対象リスト', 'Target list'),
      master,
      section: 'targets',
      body: table(visit, listed),
    })
  })
}

function table(
  { say }: Visit,
  listed: readonly { readonly id: string; readonly note: string | null }[],
): Markup {
  return html`<div class="table">
    <table>
      <caption>
        ${say(`${listed.length} 件`, `${listed.length} ids`)}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('コード', 'Id')}</th>
          <th scope="col">${say('メモ', 'Note')}</th>
        </tr>
      </thead>
      <tbody>
        ${listed.slice(0, 50).map(
          ({ id, note }) =>
            html`<tr>
              <td class="id">${id}</td>
              <td>${note}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}
