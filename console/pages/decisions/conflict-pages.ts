import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { keyFromDatabase } from '../../../core/ids.js'
import type { Take } from '../../../operations/conflicts.js'
import { applyDecided, decideCells } from '../../../operations/seen-conflicts.js'
import { audit } from '../../audit.js'
import { pathOf } from '../../markup/layout.js'
import { readAs } from '../../request/read-as.js'
import { masterOf, seeOther, visitOf } from '../../request/visit.js'
import { seeStarted } from '../runs/start-pages.js'
import { all, one, queryOf, words } from '../../request/fields.js'
import { orTold } from './answer-pages.js'

const cells = z.array(z.tuple([z.array(z.string()), z.string(), z.string()]))
const take = z.enum(['source', 'cloud', 'value', 'null'])

/** Decides conflicts, one or many, and applies what was decided. */
export function conflictPages(server: FastifyInstance): void {
  server.post('/:master/decisions/conflicts', { config: { role: 'approver' } }, async (request, reply) => {
    const visit = visitOf(request)
    const master = masterOf(request)
    const { seen, taken } = decisionIn(request)
    return orTold(reply, visit, master, async () => {
      const { ids, decided, changed } = await decideCells(visit.app, master, seen, taken)
      if (decided > 0) await audit(visit, master, 'conflict_resolved', { ids, take: taken.side })
      const told = queryOf({ decided: String(decided), changed: changed > 0 ? String(changed) : undefined })
      return seeOther(reply, `${pathOf(master, 'decisions')}${told}`)
    })
  })
  server.post(
    '/:master/decisions/conflicts/apply',
    { config: { role: 'editor' } },
    async (request, reply) => {
      const visit = visitOf(request)
      const master = masterOf(request)
      const started = await applyDecided(visit.app, master)
      await audit(visit, master, 'run_started', { mode: 'apply', workflow: started.workflowId })
      return seeStarted(reply, master, started)
    },
  )
}

function decisionIn({ body }: FastifyRequest): {
  readonly seen: Parameters<typeof decideCells>[2]
  readonly taken: Take
} {
  const seen = readAs(cells, all(body, 'cell').map(parsed)).map(([key, column, version]) => ({
    key: keyFromDatabase(key),
    column,
    version,
  }))
  const side = readAs(take, one(body, 'take'))
  switch (side) {
    case 'value':
      return { seen, taken: { side, value: words(body, 'value') ?? '' } }
    case 'null':
      return { seen, taken: { side: 'value', value: null } }
    default:
      return { seen, taken: { side } }
  }
}

/** What the page wrote into its forms; whatever else comes is refused. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
