import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { temporalAddress } from '../support/servers.js'

describe('a command that ends while calls of Temporal are under way', () => {
  const sockets: Socket[] = []
  let way: Server
  before(async () => {
    way = createServer((client) => {
      const upstream = connect(Number(temporalAddress().split(':').at(-1)), '127.0.0.1')
      sockets.push(client, upstream)
      for (const socket of [client, upstream]) socket.on('error', () => undefined)
      client.pipe(upstream).pipe(client)
    })
    way.listen(0, '127.0.0.1')
    await once(way, 'listening')
    const bound = way.address()
    assert.ok(typeof bound === 'object' && bound !== null)
    process.env['TEMPORAL_ADDRESS'] = `127.0.0.1:${bound.port}`
  })
  after(() => {
    process.env['TEMPORAL_ADDRESS'] = temporalAddress()
  })

  it('closes at once, and tries nothing on a closed connection, where nobody could catch what it throws', async () => {
    const app = new App(readEnvironment({}, () => ''))
    const client = await app.temporal()
    const ask = () => client.workflow.getHandle('none').describe()
    await assert.rejects(ask(), /not found/iu)
    way.close()
    for (const socket of sockets) socket.destroy()
    const retried = assert.rejects(ask())
    // When it has failed, the one before has as well, and waits for its retry.
    await assert.rejects(client.withDeadline(Date.now() + 500, ask))
    const begun = assert.rejects(ask())
    const closing = performance.now()
    await app.close()
    assert.ok(performance.now() - closing < 1_000)
    await Promise.all([retried, begun])
  })
})
