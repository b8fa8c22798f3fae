import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { AuditEntry } from '../../core/audit.js'
import type { Master } from '../../core/master.js'
import { audited } from '../../operations/audit.js'
import { AUDIT_WORDS } from '../audit-words.js'
import { count, time } from '../markup/format.js'
import { html, type Content, type Markup } from '../markup/html.js'
import { sendPage } from '../markup/layout.js'
import { masterOf, visitOf, type Visit } from '../request/visit.js'

const SHOWN = 50
const IDS_SHOWN = 5

const asked = z.object({
  before: z
    .string()
    .regex(/^\d{1,18}$/u)
    .optional()
    .catch(undefined),
})

/** Who changed what in these pages. */
export function auditPages(server: FastifyInstance): void {
  server.get('/:master/audit', { config: { role: 'approver' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const found = await audited(visit.app, master, asked.parse(request.query).before, SHOWN + 1)
    return sendPage(reply, visit, {
      title: visit.say('操作の記録', 'Who changed what'),
      master,
      section: 'health',
      body:
        found.length === 0
          ? html`<p>${visit.say('記録はありません', 'Nothing was changed here')}</p>`
          : html`${table(visit, master, found.slice(0, SHOWN))} ${older(visit, master, found)}`,
    })
  })
}

function table(visit: Visit, master: Master, entries: readonly AuditEntry[]): Markup {
  const { say } = visit
  return html`<div class="table">
    <table>
      <caption>
        ${say('この画面から行われた変更（新しい順）', 'What was changed in these pages, newest first')}
      </caption>
      <thead>
        <tr>
          <th scope="col">${say('日時', 'When')}</th>
          <th scope="col">${say('誰が', 'Who')}</th>
          <th scope="col">${say('役割', 'As')}</th>
          <th scope="col">${say('何を', 'What')}</th>
          <th scope="col">${say('詳細', 'Of')}</th>
        </tr>
      </thead>
      <tbody>
        ${entries.map(
          (entry) =>
            html`<tr>
              <td class="id">${time(master, entry.at)}</td>
              <td>${entry.who}</td>
              <td>${entry.role}</td>
              <td>${wordOf(visit, entry.what)}</td>
              <td>${of(visit, master, entry)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

function older({ say }: Visit, master: Master, found: readonly AuditEntry[]): Content {
  const last = found[SHOWN - 1]
  if (found.length <= SHOWN || last === undefined) return null
  return html`<p>
    <a href="/${master.master}/audit?before=${last.id}">${say('さらに古い記録', 'Older')}</a>
  </p>`
}

/** A later release may have written words that this one does not know. */
function wordOf({ say }: Visit, what: string): string {
  const known = Object.entries(AUDIT_WORDS).find(([word]) => word === what)
  return known === undefined ? what : say<string>(known[1].ja, known[1].en)
}

function of({ say }: Visit, { master }: Master, { detail }: AuditEntry): readonly Content[] {
  const { ids = [], total = ids.length, run, workflow, mode, column, take, counts = {} } = detail
  const shown = ids.slice(0, IDS_SHOWN)
  const parts: readonly Content[] = [
    run !== undefined && html`<a href="/${master}/runs/${run}">${say('実行', 'run')} ${run}</a>`,
    workflow,
    mode,
    shown.length > 0 && shown.join(', '),
    total > shown.length &&
      say(`ほか ${count(total - shown.length)} 件`, `and ${count(total - shown.length)} more`),
    column,
    take,
    ...Object.entries(counts).map(([name, number]) => `${name} ${count(number)}`),
  ]
  return parts
    .filter((part) => part !== false && part !== undefined)
    .flatMap((part, index) => (index === 0 ? [part] : [' · ', part]))
}
