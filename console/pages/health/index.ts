import type { FastifyInstance } from 'fastify'
import type { Master } from '../../../core/master.js'
import { changeSchedules } from '../../../operations/schedules.js'
import { audit } from '../../audit.js'
import { html } from '../../markup/html.js'
import { pathOf, send, sendPage } from '../../markup/layout.js'
import type { Console } from '../../console.js'
import { masterOf, seeOther, visitOf, type Visit } from '../../request/visit.js'
import { copies } from './copies.js'
import { Examinations, findingsBox, findingsToCome } from './findings.js'
import { publications } from './publications.js'
import { orError } from './or-error.js'
import { schedules } from './schedules.js'

/** Whether what is to happen by itself does, and how old what there is has become. */
export function healthPages(server: FastifyInstance, { app }: Console): void {
  const examinations = new Examinations(app.environment)

  server.get('/:master/health', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const [scheduled, aged, published] = await Promise.all(
      [schedules, copies, publications].map((part) => orError(visit, () => part(visit, master))),
    )
    return sendPage(reply, visit, {
      ...titled(visit, master),
      body: html`${scheduled} ${aged} ${published} ${findingsToCome(visit, master)}`,
    })
  })

  server.get('/:master/health/findings', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const box = findingsBox(visit, await examinations.of(master))
    return visit.partial
      ? send(reply, box)
      : sendPage(reply, visit, {
          ...titled(visit, master),
          body: html`<p><a href="${pathOf(master, 'health')}">${visit.say('戻る', 'Back')}</a></p>
            ${box}`,
        })
  })

  for (const change of ['pause', 'resume'] as const) {
    server.post(`/:master/health/${change}`, { config: { role: 'approver' } }, async (request, reply) => {
      const visit = visitOf(request)
      const master = masterOf(request)
      await changeSchedules(visit.app, master, change, `${change} in the console by ${visit.app.operator}`)
      await audit(visit, master, change === 'pause' ? 'paused' : 'resumed')
      return seeOther(reply, pathOf(master, 'health'))
    })
  }
}

function titled({ say }: Visit, master: Master) {
  return { title: say('状態', 'Health'), master, section: 'health' } as const
}
