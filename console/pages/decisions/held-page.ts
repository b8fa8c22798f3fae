import type { FastifyInstance } from 'fastify'
import { pageOfHeld } from '../../../operations/questions.js'
import { rowNames } from '../../../operations/row-names.js'
import { html } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { masterOf, visitOf } from '../../request/visit.js'
import { runOf } from '../../request/run.js'
import { rowLink } from '../runs/sample.js'
import { heldWord, plannedWord } from '../runs/words.js'
import { one, queryOf } from '../../request/fields.js'

const SHOWN = 100

/** Every row that a question is about. */
export function heldPage(server: FastifyInstance): void {
  server.get('/:master/decisions/:run/rows', async (request, reply) => {
    const visit = visitOf(request)
    const { app, say } = visit
    const master = masterOf(request)
    const run = runOf(request)
    const { rows, next } = await pageOfHeld(app, master, run, one(request.query, 'after'), SHOWN)
    const names = await rowNames(
      app,
      master,
      rows.map(({ id }) => id),
    )
    const path = `${pathOf(master, 'decisions')}/${run}/rows`
    return sendPage(reply, visit, {
      title: say(`実行 ${run} が保留した行`, `Rows that run ${run} holds`),
      master,
      section: 'decisions',
      body: html`<p>
          <a href="${pathOf(master, 'decisions')}">${say('判断へ戻る', 'Back to the decisions')}</a>
        </p>
        <div class="table" tabindex="0" role="region" aria-label="${say('保留した行', 'Held rows')}">
          <table>
            <thead>
              <tr>
                <th scope="col">${say('行', 'Row')}</th>
                <th scope="col">${say('内容', 'What')}</th>
                <th scope="col">${say('保留', 'Held as')}</th>
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                ({ id, kind, held }) =>
                  html`<tr>
                    <td>${rowLink(master, id, names)}</td>
                    <td>${plannedWord(say, kind)}</td>
                    <td>${heldWord(say, 'sync', held)}</td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>
        ${rows.length === 0 && html`<p class="soft">${say('保留した行はありません', 'No rows are held')}</p>`}
        ${next !== undefined && html`<p><a href="${path}${queryOf({ after: next })}">${say('次へ', 'Next')}</a></p>`}`,
    })
  })
}
