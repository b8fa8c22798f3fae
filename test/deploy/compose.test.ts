import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { fullFormats } from 'ajv-formats/dist/formats.js'
import { parse } from 'yaml'
import { z } from 'zod'
import { cli, CHECKOUT, exits, reportIn, startCli, type Running } from '../cli/run-cli.js'
import { createWorld, texts } from '../support/world.js'
import { assertKnown, assertPatient, readProjectFile } from './containers.js'

const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      image: z.string(),
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.string()).default({}),
      healthcheck: z.object({ disable: z.boolean().optional() }).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      volumes: z.array(z.string()).default([]),
      restart: z.string().optional(),
      stop_grace_period: z.string().optional(),
      read_only: z.boolean().optional(),
    }),
  ),
})

describe('docker-compose.yml', () => {
  async function compose() {
    return composeSchema.parse(parse(await readProjectFile('docker-compose.yml'), { merge: true })).services
  }

  it('is what the Compose Specification allows', async () => {
    const schema = JSON.parse(await readProjectFile('test/deploy/compose-spec/compose-spec.json')) as object
    const ajv = new Ajv2020({ allErrors: true, strict: false, formats: fullFormats })
    const validate = ajv.compile(schema)
    const file: unknown = parse(await readProjectFile('docker-compose.yml'), { merge: true })
    assert.ok(validate(file), JSON.stringify(validate.errors, undefined, 2))
    assert.ok(!validate({ services: { worker: { image: 'x', comand: ['worker'] } } }))
  })

  it('is what Docker Compose takes, where there is one', async function () {
    const run = promisify(execFile)
    const found = await run('docker', ['compose', 'version']).catch(() => undefined)
    if (found === undefined) this.skip()
    await run('docker', ['compose', '--file', 'docker-compose.yml', 'config', '--quiet'], { cwd: CHECKOUT })
  })

  it('waits for what is needed, and stops a worker no sooner than it stops by itself', async () => {
    const services = await compose()
    assert.ok(Object.keys(services).length >= 5)
    for (const [name, { image, depends_on, environment }] of Object.entries(services)) {
      assert.match(image, name === 'setup' || name === 'worker' ? /^master-sync$/u : /:\d+/u)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        if (condition === 'service_healthy')
          assert.equal(services[other]?.healthcheck?.disable, undefined, other)
        else
          assert.deepEqual(
            [condition, services[other]?.restart],
            ['service_completed_successfully', undefined],
          )
        assert.ok(services[other] !== undefined, other)
      }
      if (image === 'master-sync') assertKnown(Object.keys(environment))
    }
    const worker = services['worker']
    assertPatient(Number(/^(\d+)s$/u.exec(worker?.stop_grace_period ?? '')?.[1]))
    assert.equal(worker?.read_only, true)
  })

  it('brings a master that the first sync can copy', async () => {
    const services = await compose()
    const [mounted = ''] = services['onprem']?.volumes.filter((volume) => volume.includes('initdb.d')) ?? []
    const world = await createWorld({
      source: await readProjectFile(mounted.split(':')[0] ?? ''),
      setUp: false,
      env: { MASTERS_DIR: `${CHECKOUT}/masters` },
    })
    let worker: Running | undefined
    try {
      exits(await cli(world.env, ...(services['setup']?.command ?? [])), 0)
      worker = startCli(world.env, ...(services['worker']?.command ?? []))
      const ended = await cli(world.env, 'start-sync', '--json')
      exits(ended, 0)
      assert.deepEqual([reportIn(ended).rows.inserted, reportIn(ended).equal], [5, true])
      assert.deepEqual(await texts(world.cloud, 'select count(*) from master_medical_orgs'), [['5']])
      worker.process.kill('SIGTERM')
      exits(await worker.ended, 0)
    } finally {
      worker?.process.kill('SIGTERM')
      await worker?.ended
      await world.close()
    }
  })
})
