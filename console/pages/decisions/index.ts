import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { keyFromDatabase } from '../../../core/ids.js'
import type { Master } from '../../../core/master.js'
import { holdOf } from '../../../operations/hold.js'
import { refusedRows, waiting, type Waiting } from '../../../operations/questions.js'
import { rowNames } from '../../../operations/row-names.js'
import { pageOfConflicts, type ConflictPage } from '../../../operations/seen-conflicts.js'
import { html, type Markup } from '../../markup/html.js'
import { pathOf, sendPage } from '../../markup/layout.js'
import { Refusal } from '../../request/refusal.js'
import { masterOf, visitOf, type Visit } from '../../request/visit.js'
import { holdBox } from '../runs/start.js'
import { one } from '../../request/fields.js'
import { answerPages } from './answer-pages.js'
import { questionLine } from './asked.js'
import { conflictPages } from './conflict-pages.js'
import { conflictsSection } from './conflicts.js'
import { heldPage } from './held-page.js'
import { questionCard } from './question.js'
import { rejectsTable } from './rejects.js'

const [CONFLICTS_SHOWN, REJECTS_SHOWN] = [50, 50]

/** What waits for a person's word. */
export function decisionPages(server: FastifyInstance): void {
  server.get('/:master/decisions', async (request, reply) => {
    const visit = visitOf(request)
    const { app, say } = visit
    const master = masterOf(request)
    const [found, hold, conflicts, refused] = await Promise.all([
      waiting(app, master),
      holdOf(app, master),
      pageOfConflicts(app, master, placeOf(request), CONFLICTS_SHOWN),
      refusedRows(app, master, REJECTS_SHOWN),
    ])
    const names = await rowNames(app, master, idsOf(found, conflicts))
    return sendPage(reply, visit, {
      title: say('判断', 'Decisions'),
      master,
      section: 'decisions',
      body: html`${told(visit, request.query)} ${holdBox(visit, master, hold)}
        ${found.open.length === 0 && html`<p class="done">${say('承認待ちはありません', 'Nothing waits for approval')}</p>`}
        ${found.open.map((question) => questionCard(visit, master, question, names))}
        ${found.rejected !== undefined && rejectedBefore(visit, master, found.rejected)}
        ${conflictsSection(visit, master, conflicts, names)}
        <h2 id="rejects">${say('拒否された行', 'Refused rows')}</h2>
        ${
          refused.total === 0
            ? html`<p class="soft">
                ${say('クラウドに拒否されている行はありません', 'The cloud refuses no row')}
              </p>`
            : rejectsTable(visit, master, refused)
        }
        <p class="soft">
          ${say('実行の取り消しは、', 'To take a run back, open it from the ')}<a
            href="${pathOf(master, 'runs')}"
            >${say('実行の一覧', 'list of runs')}</a
          >${say('から実行を開いて行います。', '.')}
        </p>`,
    })
  })
  answerPages(server)
  conflictPages(server)
  heldPage(server)
}

function idsOf({ open }: Waiting, { conflicts }: ConflictPage): readonly string[] {
  const sampled = open.flatMap(({ detail }) => detail.sample.map(({ id }) => id))
  return [...new Set([...sampled, ...conflicts.map(({ id }) => id)])]
}

/** What was decided just now, and where somebody else was faster. */
function told({ say }: Visit, query: unknown): Markup {
  const [decided, changed] = [Number(one(query, 'decided')), Number(one(query, 'changed') ?? 0)]
  return html`${decided === 0 && changed === 0 && html`<p class="warning" role="status">${say('何も選択されていません', 'Nothing is chosen')}</p>`}
  ${decided > 0 && html`<p class="done" role="status">${say(`${decided} 件を決定しました`, `${decided} decided`)}</p>`}
  ${
    changed > 0 &&
    html`<p class="warning" role="status">
      ${say(
        `${changed} 件は、その間に別の人が決定したか、値が変わったため、決定していません。下の一覧をご覧ください。`,
        `${changed} ${changed === 1 ? 'was' : 'were'} decided by somebody else meanwhile, or changed: nothing was decided there. See below.`,
      )}
    </p>`
  }`
}

function rejectedBefore(visit: Visit, master: Master, question: NonNullable<Waiting['rejected']>): Markup {
  return html`${questionLine(visit, master, question)}
    <p class="small soft">
      ${visit.say(
        '元マスタかリストを直すまで、同じ変更の保留が続きます。反映する場合は、「実行」で上限を超えて同期してください。',
        'Runs go on holding it until the source or the list is mended. To write it all the same, sync beyond the limits in Runs.',
      )}
    </p>`
}

const place = z.tuple([z.array(z.string()), z.string()])

function placeOf(request: FastifyRequest): Parameters<typeof pageOfConflicts>[2] {
  const after = one(request.query, 'after')
  if (after === undefined) return undefined
  try {
    const [key, column] = place.parse(JSON.parse(after))
    return { key: keyFromDatabase(key), column }
  } catch {
    throw new Refusal('missing')
  }
}
