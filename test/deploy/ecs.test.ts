import assert from 'node:assert/strict'
import { z } from 'zod'
import {
  assertKnown,
  assertPatient,
  assertPlain,
  dockerHealthCommand,
  readProjectFile,
} from './containers.js'

/** What ECS grants a container between SIGTERM and SIGKILL on Fargate, at most. */
const LONGEST_STOP_SECONDS = 120

const taskSchema = z.object({
  containerDefinitions: z.tuple([
    z.object({
      command: z.array(z.string()),
      user: z.string(),
      stopTimeout: z.int(),
      healthCheck: z.object({ command: z.array(z.string()) }),
      environment: z.array(z.object({ name: z.string(), value: z.string() })),
      secrets: z.array(z.object({ name: z.string(), valueFrom: z.string() })),
    }),
  ]),
})

describe('the ECS task definition', () => {
  async function worker() {
    const text = await readProjectFile('deploy/ecs-task-definition.json')
    return taskSchema.parse(JSON.parse(text)).containerDefinitions[0]
  }

  it('lets the worker stop by itself, for as long as Fargate lets anybody', async () => {
    const { command, stopTimeout } = await worker()
    assert.deepEqual(command, ['worker'])
    assertPatient(stopTimeout)
    assert.ok(stopTimeout <= LONGEST_STOP_SECONDS)
  })

  it('does not run it as root', async () => {
    assert.match((await worker()).user, /^[1-9]/u)
  })

  it("asks for the worker's health as the image does", async () => {
    assert.deepEqual((await worker()).healthCheck.command, ['CMD', ...(await dockerHealthCommand())])
  })

  it('gives variables that are read, and no secret in the open', async () => {
    const { environment, secrets } = await worker()
    assertKnown(environment.map(({ name }) => name))
    assertKnown(secrets.map(({ name }) => name))
    assertPlain(Object.fromEntries(environment.map(({ name, value }) => [name, value])))
    for (const { valueFrom } of secrets) assert.match(valueFrom, /^arn:aws:(?:secretsmanager|ssm):/u)
  })
})
