import type { FastifyInstance } from 'fastify'
import { addTargets, removeTargets } from '../../../operations/targets/edit.js'
import { audit } from '../../audit.js'
import { html } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { masterOf, seeOther, visitOf } from '../../request/visit.js'
import { all, one, words } from '../../request/fields.js'
import { bring } from '../bring.js'

/** Puts rows on the list, and takes them off it. */
export function changeTargets(server: FastifyInstance): void {
  for (const what of ['add', 'remove'] as const)
    server.post(`/:master/targets/${what}`, { config: { role: 'editor' } }, async (request, reply) => {
      const visit = visitOf(request)
      const master = masterOf(request)
      const { say, app } = visit
      const pressed = one(request.body, 'one')
      const ids = pressed === undefined ? [...new Set(all(request.body, 'id'))] : [pressed]
      if (ids.length === 0)
        return sendPage(reply.code(400), visit, {
          title: say('何も選択されていません', 'Nothing is chosen'),
          master,
          section: 'targets',
          body: html`<p>${say('行を選択してから押してください。', 'Choose rows first.')}</p>
            <p><a href="${pathOf(master, 'targets')}">${say('戻る', 'Back')}</a></p>`,
        })
      const changed =
        what === 'add'
          ? await addTargets(app, master, ids, words(request.body, 'note') ?? null)
          : await removeTargets(app, master, ids)
      await audit(visit, master, what === 'add' ? 'target_added' : 'target_removed', { ids })
      return seeOther(reply, await bring(visit, master, changed, what))
    })
}
