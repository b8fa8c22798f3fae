import type { FastifyInstance, FastifyRequest } from 'fastify'
import { SyncError } from '../../../core/errors.js'
import type { Master } from '../../../core/master.js'
import type { ReadTargets } from '../../../core/results.js'
import { applyTargets } from '../../../operations/targets/apply.js'
import { checkTargets } from '../../../operations/targets/check.js'
import { audit } from '../../audit.js'
import { errorBox } from '../../error-page.js'
import { token } from '../../markup/form.js'
import { checkLength } from '../../request/body.js'
import { checkToken, TOKEN } from '../../request/token.js'
import { html, type Content, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import type { Console } from '../../console.js'
import { masterOf, seeOther, visitOf, type Visit } from '../../request/visit.js'
import { one } from '../../request/fields.js'
import { bringRows } from '../bring.js'
import { KeptLists, type KeptList } from './kept-lists.js'
import { listName } from './list-name.js'
import { seenCounts, uploadPreview } from './upload-preview.js'

/** A list of a hundred thousand ids with notes has some five. */
const FILE_BYTES = 50 * 1024 * 1024

/** Lists as files: what taking one over would change, and then that. */
export function uploadPages(server: FastifyInstance, { sessions }: Console): void {
  const kept = new KeptLists()
  server.addHook('onClose', () => kept.close())

  server.post(
    '/:master/targets/upload',
    { config: { role: 'editor', upload: true } },
    async (request, reply) => {
      const visit = visitOf(request)
      const master = masterOf(request)
      checkLength(request, FILE_BYTES)
      const list = await receive(request, visit, master, kept, (given) => {
        checkToken(request, sessions, given)
      })
      const answer = (body: Content) => sendPage(reply, visit, page(visit, master, body))
      if (list === undefined) return answer(noList(visit))
      try {
        return await answer(uploadPreview(visit, master, list, await checkTargets(visit.app, master, list)))
      } catch (error) {
        await kept.drop(visit.session.id)
        if (!(error instanceof SyncError)) throw error
        return answer(errorBox(visit, error))
      }
    },
  )

  server.post('/:master/targets/upload/apply', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const answer = (body: Content) => sendPage(reply.code(409), visit, page(visit, master, body))
    const list = kept.find(visit.session.id, master.master, one(request.body, 'ticket') ?? '')
    if (list === undefined) return answer(gone(visit))
    const seen = one(request.body, 'seen')
    let now: ReadTargets | undefined
    const applied = await applyTargets(visit.app, master, list, {
      strict: false,
      agreed: (found) => {
        now = found
        return Promise.resolve(seenCounts(found) === seen)
      },
    })
    if (!applied.applied) return answer(now && [changed(visit), uploadPreview(visit, master, list, now)])
    await kept.drop(visit.session.id)
    const { added, changed: noted, removed } = applied
    await audit(visit, master, 'list_applied', {
      counts: { added: added.rows, changed: noted.rows, removed: removed.rows },
    })
    const ids = added.sample.map(({ id }) => id)
    return seeOther(
      reply,
      await bringRows(visit, master, { ids, of: added.rows, what: 'list', look: () => applied.awaited }),
    )
  })
}

/** The token stands before the file, which is not read without it. */
async function receive(
  request: FastifyRequest,
  visit: Visit,
  master: Master,
  kept: KeptLists,
  check: (token: string | undefined) => void,
): Promise<KeptList | undefined> {
  let checked = false
  for await (const part of request.parts({ limits: { files: 1, fields: 5, fileSize: FILE_BYTES } })) {
    if (part.type === 'field') {
      if (part.fieldname !== TOKEN) continue
      check(typeof part.value === 'string' ? part.value : '')
      checked = true
      continue
    }
    if (!checked) check(undefined)
    const named = listName(part.filename)
    if (named !== undefined) return kept.keep(visit.session.id, master.master, named, part)
    part.file.resume()
  }
  if (!checked) check(undefined)
  return undefined
}

export function uploadForm(visit: Visit, master: Master): Markup {
  const { say } = visit
  return html`<form
    class="fields"
    method="post"
    enctype="multipart/form-data"
    action="/${master.master}/targets/upload"
  >
    ${token(visit)}
    <label
      >${say('リストのファイル（CSV、YAML、Excel）', 'The file of a list (CSV, YAML, Excel)')}
      <input type="file" name="list" accept=".csv,.yaml,.yml,.xlsx" required />
    </label>
    <button class="second">${say('変更内容を確認', 'See what it would change')}</button>
  </form>`
}

function page({ say }: Visit, master: Master, body: Content) {
  return {
    title: say('ファイルの内容の確認', 'What the file would change'),
    master,
    section: 'targets' as const,
    body: html`${body}
      <p>
        <a href="${pathOf(master, 'targets')}">${say('対象リストに戻る', 'Back to the target list')}</a>
      </p>`,
  }
}

function noList({ say }: Visit): Markup {
  return html`<p class="error" role="alert">
    ${say('CSV、YAML、Excel（.xlsx）のファイルを選んでください。', 'Choose a file: CSV, YAML or Excel (.xlsx).')}
  </p>`
}

function gone({ say }: Visit): Markup {
  return html`<p class="error" role="alert">
    ${say('確認してから時間がたちました。もう一度ファイルを選んでください。', 'That was too long ago: choose the file again.')}
  </p>`
}

function changed({ say }: Visit): Markup {
  return html`<p class="warning" role="alert">
    ${say('その間にリストが変わりました。もう一度確認してください。', 'The list has changed meanwhile: look again.')}
  </p>`
}
