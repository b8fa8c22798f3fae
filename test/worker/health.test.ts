import assert from 'node:assert/strict'
import { freePort } from '../../local/places.js'
import { createWorld, type World } from '../support/world.js'

const SOURCE = `
  create table orgs (id text primary key, name text);
  create table targets (id text primary key, note text)`

describe('the health of a worker', () => {
  let world: World
  let port: number

  before(async () => {
    port = await freePort()
    world = await createWorld({ source: SOURCE, env: { HEALTH_PORT: String(port) } })
  })
  after(() => world.close())

  it('is good while it takes work, and is told on 127.0.0.1 only by its own path', async () => {
    await world.work()
    const healthy = await fetch(`http://127.0.0.1:${port}/healthz`)
    assert.equal(healthy.status, 200)
    assert.deepEqual(await healthy.json(), { state: 'RUNNING', steps: 0 })
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404)
  })

  it('ends with the worker', async () => {
    const { worker, stopped } = await world.work()
    worker.shutdown()
    await stopped
    await assert.rejects(fetch(`http://127.0.0.1:${port}/healthz`))
  })
})
