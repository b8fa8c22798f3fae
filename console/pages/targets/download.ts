import { createReadStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { exportTargets } from '../../../operations/targets/export.js'
import { Refusal } from '../../request/refusal.js'
import { masterOf, visitOf } from '../../request/visit.js'

const TYPES: ReadonlyMap<string, string> = new Map([
  ['csv', 'text/csv; charset=utf-8'],
  ['yaml', 'application/yaml; charset=utf-8'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
])

/** The list as a file. */
export function downloadPage(server: FastifyInstance): void {
  server.get<{ Params: { format: string } }>('/:master/targets/download.:format', async (request, reply) => {
    const master = masterOf(request)
    const { format } = request.params
    const type = TYPES.get(format)
    if (type === undefined) throw new Refusal('missing')
    const folder = await mkdtemp(join(tmpdir(), 'master-sync-'))
    const remove = () => rm(folder, { recursive: true, force: true })
    try {
      const path = join(folder, `list.${format}`)
      await exportTargets(visitOf(request).app, master, path)
      const file = createReadStream(path)
      file.once('close', () => void remove())
      return await reply
        .type(type)
        .header('content-disposition', `attachment; filename="${master.master}-targets.${format}"`)
        .send(file)
    } catch (error) {
      await remove()
      throw error
    }
  })
}
