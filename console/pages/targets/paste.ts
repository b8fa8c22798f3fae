import type { FastifyInstance } from 'fastify'
import type { Master } from '../../../core/master.js'
import { addTargets } from '../../../operations/targets/edit.js'
import { lookAtPasted, MOST_PASTED } from '../../../operations/targets/paste.js'
import { audit } from '../../audit.js'
import { form } from '../../markup/form.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { masterOf, seeOther, visitOf, type Visit } from '../../request/visit.js'
import { all, one, words } from '../../request/fields.js'
import { bring } from '../bring.js'
import { pastedPreview } from './pasted-preview.js'

/** A column of a spreadsheet, looked at before anything is written. */
export function pastePages(server: FastifyInstance): void {
  server.post('/:master/targets/paste', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { say } = visit
    const text = one(request.body, 'ids') ?? ''
    const pasted = await lookAtPasted(visit.app, master, text)
    return sendPage(reply, visit, {
      title: say('貼り付けた内容の確認', 'What was pasted'),
      master,
      section: 'targets',
      body: html`${pasted === undefined ? tooMany(visit) : pastedPreview(visit, master, pasted)}
        <h2>${say('直してもう一度確認する', 'Correct it and look again')}</h2>
        ${pasteForm(visit, master, text)}
        <p>
          <a href="${pathOf(master, 'targets')}"
            >${say('やめて対象リストに戻る', 'Back to the target list')}</a
          >
        </p>`,
    })
  })
  server.post('/:master/targets/paste/add', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { body } = request
    const good = (one(body, 'good') ?? '').split(/\r?\n/u).filter((id) => id !== '')
    const corrected = one(body, 'take') === 'all' ? all(body, 'id') : []
    const ids = [...new Set([...good, ...corrected])]
    if (ids.length === 0) return seeOther(reply, pathOf(master, 'targets'))
    const changed = await addTargets(visit.app, master, ids, words(body, 'note') ?? null)
    await audit(visit, master, 'target_added', { ids })
    return seeOther(reply, await bring(visit, master, changed, 'add'))
  })
}

export function pasteForm(visit: Visit, master: Master, text = ''): Markup {
  const { say } = visit
  return form(
    visit,
    `/${master.master}/targets/paste`,
    html`<label class="wide"
        >${say('コードの列（1 行に 1 件）', 'A column of ids, one a line')}
        <textarea name="ids" spellcheck="false">${text}</textarea>
      </label>
      <p><button class="second">${say('内容を確認', 'Look at it')}</button></p>`,
  )
}

function tooMany({ say }: Visit): Markup {
  const most = MOST_PASTED.toLocaleString('en')
  return html`<p class="error" role="alert">
    ${say(
      `一度に貼り付けられるのは ${most} 件までです。ファイルで取り込んでください。`,
      `At most ${most} can be pasted at once: give them as a file.`,
    )}
  </p>`
}
