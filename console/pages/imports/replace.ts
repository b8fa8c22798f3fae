import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { formatKey, parseKey } from '../../../core/ids.js'
import type { Master } from '../../../core/master.js'
import { rowNames } from '../../../operations/row-names.js'
import { settleReplacement, askToReplace } from '../../../operations/targets/replace.js'
import { audit } from '../../audit.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { Refusal } from '../../request/refusal.js'
import { readAs } from '../../request/read-as.js'
import { masterOf, seeOther, visitOf, type Visit } from '../../request/visit.js'
import { bringRows } from '../bring.js'
import { rowPath } from '../../markup/row-link.js'

const asked = z.object({ from: z.string().min(1), to: z.string().min(1) })

/** A closed institution gives its place on the list to another: asked once more, then done. */
export function replacePages(server: FastifyInstance): void {
  server.get('/:master/imports/replace', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { success, data } = asked.safeParse(request.query)
    if (!success) throw new Refusal('missing')
    return sendPage(reply, visit, {
      title: visit.say('対象の置き換え', 'Replace a listed institution'),
      master,
      section: 'imports',
      body: await confirmation(visit, master, data),
    })
  })

  server.post('/:master/imports/replace', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { from, to } = readAs(asked, request.body)
    const { keys, awaited } = await askToReplace(visit.app, master, { from, to, note: null })
    const ids = { old: formatKey(keys.oldKey), new: formatKey(keys.newKey) }
    await audit(visit, master, 'target_replaced', { ids: [ids.old, ids.new] })
    const way = await bringRows(visit, master, { ids: [ids.new], what: 'add', look: () => awaited })
    // Where the run may not write the list, the old id leaves it now, or with the next look at it by command.
    await settleReplacement(visit.app, master, keys)
    return seeOther(reply, way)
  })
}

async function confirmation(
  visit: Visit,
  master: Master,
  { from, to }: z.output<typeof asked>,
): Promise<Markup> {
  const { say } = visit
  const ids = [from, to].map((id) => formatKey(parseKey(id, master.source.key)))
  const names = await rowNames(visit.app, master, ids)
  const told = (id: string): Markup =>
    html`<a href="${rowPath(master, id)}">${names.get(id) ?? id}</a> <span class="id small">${id}</span>`
  return html`<div class="card">
    <dl class="facts">
      <dt>${say('外す', 'Leaves the list')}</dt>
      <dd>${told(from)}</dd>
      <dt>${say('加える', 'Takes its place')}</dt>
      <dd>${told(to)}</dd>
    </dl>
    <p>
      ${say(
        'クラウドで人が書いた内容とメモを新しい行に引き継ぎ、古いコードをリストから外します。',
        'What people wrote in the cloud, and the note, go over to the new row; the old id leaves the list.',
      )}
    </p>
    <div class="row">
      ${form(
        visit,
        `${pathOf(master, 'imports')}/replace`,
        html`<input type="hidden" name="from" value="${from}" /><input
            type="hidden"
            name="to"
            value="${to}"
          />
          <button>${say('置き換える', 'Replace')}</button>`,
      )}
      <a class="button second" href="${pathOf(master, 'imports')}">${say('やめる', 'Cancel')}</a>
    </div>
  </div>`
}
