import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { SyncError } from '../../../core/errors.js'
import type { Master } from '../../../core/master.js'
import { planImport } from '../../../operations/import.js'
import { startImport, type ImportOptions } from '../../../operations/start-import.js'
import { audit } from '../../audit.js'
import { errorBox } from '../../error-page.js'
import { html } from '../../markup/html.js'
import { sendPage } from '../../markup/layout.js'
import type { Console } from '../../console.js'
import { removeUpload, Uploads, type Upload } from '../../uploads.js'
import { readAs } from '../../request/read-as.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { seeStarted } from '../runs/start-pages.js'
import { uploadForm } from './forms.js'
import { preview } from './preview.js'
import { receive } from './receive.js'

const kept = z.object({ upload: z.string() })

/** Files that people send: looked at, or taken over. */
export function uploadPages(server: FastifyInstance, { sessions }: Console): void {
  const uploads = new Uploads()
  server.addHook('onClose', () => uploads.clear())

  server.post('/:master/imports', { config: { role: 'editor', upload: true } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { upload, look } = await receive(request, sessions, master)
    if (upload.files.length === 0) {
      await removeUpload(upload)
      return again(reply, visit, master, nothingSent(visit))
    }
    return look ? lookAt(reply, visit, master, uploads, upload) : takeOver(reply, visit, master, upload)
  })

  server.post('/:master/imports/apply', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { upload: id } = readAs(kept, request.body)
    const upload = uploads.take(id, visit.session.id, master.master)
    if (upload === undefined) return again(reply, visit, master, gone(visit))
    return takeOver(reply, visit, master, upload)
  })

  server.post('/:master/imports/fetch', { config: { role: 'editor' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    return start(reply, visit, master, { from: [], reading: {}, approve: false })
  })
}

async function lookAt(
  reply: FastifyReply,
  visit: Visit,
  master: Master,
  uploads: Uploads,
  upload: Upload,
): Promise<FastifyReply> {
  try {
    const plan = await planImport(visit.app, master, upload.files, upload.reading)
    await audit(visit, master, 'import_planned')
    const id = await uploads.keep(upload)
    return await sendPage(reply, visit, {
      title: visit.say('取り込みの内容', 'What the files would change'),
      master,
      section: 'imports',
      body: preview(visit, master, plan, id),
    })
  } catch (error) {
    await removeUpload(upload)
    if (!(error instanceof SyncError)) throw error
    return again(reply, visit, master, errorBox(visit, error))
  }
}

async function takeOver(
  reply: FastifyReply,
  visit: Visit,
  master: Master,
  upload: Upload,
): Promise<FastifyReply> {
  try {
    return await start(reply, visit, master, { from: upload.files, reading: upload.reading, approve: false })
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
    return await again(reply, visit, master, errorBox(visit, error))
  } finally {
    await removeUpload(upload)
  }
}

async function start(
  reply: FastifyReply,
  visit: Visit,
  master: Master,
  options: ImportOptions,
): Promise<FastifyReply> {
  const started = await startImport(visit.app, master, options)
  await audit(visit, master, 'import_started', { workflow: started.workflowId })
  return seeStarted(reply, master, started)
}

/** The form once more, with what was wrong. */
function again(
  reply: FastifyReply,
  visit: Visit,
  master: Master,
  why: ReturnType<typeof html>,
): FastifyReply {
  return sendPage(reply.code(400), visit, {
    title: visit.say('取り込み', 'Imports'),
    master,
    section: 'imports',
    body: html`${why} ${uploadForm(visit, master)}`,
  })
}

function nothingSent({ say }: Visit) {
  return html`<p class="error" role="alert">${say('ファイルを選んでください。', 'Choose a file.')}</p>`
}

function gone({ say }: Visit) {
  return html`<p class="error" role="alert">
    ${say('ファイルはもうありません。もう一度選んでください。', 'The files are not kept any more: choose them again.')}
  </p>`
}
