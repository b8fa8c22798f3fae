import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { monthOf } from '../../../operations/month.js'
import { pathOf, sendPage, titleOf } from '../../markup/layout.js'
import { readAs } from '../../request/read-as.js'
import { masterOf, seeOther, visitOf } from '../../request/visit.js'
import { monthPage, thisMonth } from './month.js'

const named = z.object({ month: z.string().regex(/^[12]\d{3}-(?:0[1-9]|1[0-2])$/u) })
const chosen = z.object({ month: z.string().optional() })

/** The report of a month, to be printed. */
export function monthPages(server: FastifyInstance): void {
  server.get('/:master/runs/month', (request, reply) => {
    const master = masterOf(request)
    const { month } = readAs(chosen, request.query)
    return seeOther(
      reply,
      `${pathOf(master, 'runs')}/month/${encodeURIComponent(month ?? thisMonth(master))}`,
    )
  })
  server.get('/:master/runs/month/:month', async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { month } = readAs(named, request.params)
    const [year = '', number = ''] = month.split('-')
    return sendPage(reply, visit, {
      title: visit.say(
        `月次報告 ${year} 年 ${Number(number)} 月 ${titleOf(master)}`,
        `Monthly report ${month}, ${titleOf(master)}`,
      ),
      master,
      section: 'runs',
      plain: true,
      body: monthPage(visit, master, month, await monthOf(visit.app, master, month)),
    })
  })
}
