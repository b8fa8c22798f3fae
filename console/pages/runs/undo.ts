import type { FastifyInstance } from 'fastify'
import { HISTORY_KINDS, HISTORY_WORDS, type Undoable } from '../../../core/history.js'
import type { Master } from '../../../core/master.js'
import { rowNames } from '../../../operations/row-names.js'
import { previewUndo, sampleUndo, startUndo } from '../../../operations/undo.js'
import { audit } from '../../audit.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import { sendPage } from '../../markup/layout.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { count } from '../../markup/format.js'
import { runOf } from '../../request/run.js'
import { runPath } from './list.js'
import { seeStarted } from './start-pages.js'
import { undoSample } from './undo-sample.js'

/** Rows of each kind. */
const SHOWN = 5

/** Takes a run back, once it was shown what that means. */
export function undoPages(server: FastifyInstance): void {
  const path = '/:master/runs/:run/undo'
  const config = { config: { role: 'approver' } } as const
  server.get(path, config, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const found = await previewUndo(visit.app, master, runOf(request))
    const sample = await sampleUndo(visit.app, master, found.run, SHOWN)
    const names = await rowNames(
      visit.app,
      master,
      sample.map(({ id }) => id),
    )
    return sendPage(reply, visit, {
      title: visit.say(`実行 ${found.run} の取り消し`, `Take run ${found.run} back`),
      master,
      section: 'runs',
      body: preview(visit, master, found, undoSample(visit, master, sample, names)),
    })
  })
  server.post(path, config, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const run = runOf(request)
    const started = await startUndo(visit.app, master, run)
    await audit(visit, master, 'undone', { run, workflow: started.workflowId })
    return seeStarted(reply, master, started)
  })
}

function preview(
  visit: Visit,
  master: Master,
  { run, rows, kinds, replaced }: Undoable,
  sample: Markup | undefined,
): Markup {
  const { say } = visit
  return html`<p>
      ${say(
        `${count(rows)} 行を元に戻します。その後に変更された値は、そのまま残します。`,
        `${count(rows)} ${rows === 1 ? 'row' : 'rows'} would be taken back. What was changed since stays as it is.`,
      )}
    </p>
    <div class="table">
      <table>
        <caption>
          ${say(`実行 ${run} がしたこと`, `What run ${run} did`)}
        </caption>
        <tbody>
          ${HISTORY_KINDS.map((kind) => {
            const found = kinds[kind]
            return (
              found !== undefined &&
              html`<tr>
                <th scope="row">${say<string>(HISTORY_WORDS[kind], kind)}</th>
                <td class="number">${count(found)}</td>
              </tr>`
            )
          })}
        </tbody>
      </table>
    </div>
    ${sample}
    ${
      replaced.ids > 0 &&
      html`<div class="warning">
        <p>
          ${say(
            'リストは差替え後のままです。再開する前に、元のコードを登録し直してください。',
            'The list stays as the replacement left it: list the old ids again before you resume.',
          )}
        </p>
        <ul>
          ${replaced.sample.map(({ old, new: next }) => html`<li class="id">${old} → ${next}</li>`)}
        </ul>
      </div>`
    }
    <p class="warning">
      ${say(
        '取り消すとマスタは停止し、再開するまで実行しても何も書き込みません。元マスタは変わらないため、停止しないと次の実行が同じ変更をまた行うからです。',
        'It puts the master on hold: runs write nothing until it is resumed. The source is as it was, and the next run would do the same again.',
      )}
    </p>
    <div class="row">
      ${form(visit, `${runPath(master, run)}/undo`, html`<button class="danger">${say('取り消す', 'Take it back')}</button>`)}
      <a href="${runPath(master, run)}">${say('やめる', 'Leave it')}</a>
    </div>`
}
