import assert from 'node:assert/strict'
import { z } from 'zod'
import { assertKnown, assertPatient, dockerHealthCheck, readProjectFile } from './containers.js'

const SECRET = /^arn:aws:secretsmanager:[a-z0-9-]+:\d{12}:secret:.*-[A-Za-z]{6}$/u

const pairs = (value: z.ZodString) => z.array(z.strictObject({ name: z.string(), value }))

/** What a worker on Fargate needs; the ranges are those of the service. */
const taskSchema = z.strictObject({
  family: z.string(),
  requiresCompatibilities: z.tuple([z.literal('FARGATE')]),
  networkMode: z.literal('awsvpc'),
  cpu: z.enum(['256', '512', '1024', '2048', '4096']),
  memory: z.string().regex(/^\d+$/u),
  runtimePlatform: z.strictObject({
    operatingSystemFamily: z.literal('LINUX'),
    cpuArchitecture: z.enum(['X86_64', 'ARM64']),
  }),
  executionRoleArn: z.string().startsWith('arn:aws:iam::'),
  taskRoleArn: z.string().startsWith('arn:aws:iam::'),
  containerDefinitions: z.tuple([
    z.strictObject({
      name: z.string(),
      image: z.string().regex(/:[\d.]+$/u),
      essential: z.literal(true),
      command: z.tuple([z.literal('worker')]),
      user: z.string().regex(/^[1-9]\d*:[1-9]\d*$/u),
      readonlyRootFilesystem: z.literal(true),
      linuxParameters: z.strictObject({
        initProcessEnabled: z.literal(true),
        capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
      }),
      stopTimeout: z.int().max(120),
      healthCheck: z.strictObject({
        command: z.array(z.string()),
        interval: z.int().min(5).max(300),
        timeout: z.int().min(2).max(60),
        retries: z.int().min(1).max(10),
        startPeriod: z.int().max(300),
      }),
      environment: pairs(z.string()),
      secrets: z.array(z.strictObject({ name: z.string(), valueFrom: z.string().regex(SECRET) })),
      logConfiguration: z.strictObject({
        logDriver: z.literal('awslogs'),
        options: z.strictObject({
          'awslogs-group': z.string(),
          'awslogs-region': z.string(),
          'awslogs-stream-prefix': z.string(),
          mode: z.literal('non-blocking'),
          'max-buffer-size': z.string(),
        }),
      }),
    }),
  ]),
})

describe('the ECS task definition', () => {
  async function worker() {
    const text = await readProjectFile('deploy/ecs-task-definition.json')
    return taskSchema.parse(JSON.parse(text)).containerDefinitions[0]
  }

  it('has what a task on Fargate needs, and lets the worker stop by itself', async () => {
    assertPatient((await worker()).stopTimeout)
  })

  it("asks for the worker's health as the image does", async () => {
    const { command, timing } = await dockerHealthCheck()
    const { healthCheck } = await worker()
    assert.deepEqual(healthCheck.command, ['CMD', ...command])
    assert.deepEqual(
      [healthCheck.interval, healthCheck.timeout, healthCheck.startPeriod].map((seconds) => `${seconds}s`),
      [timing['interval'], timing['timeout'], timing['start-period']],
    )
  })

  it('gives variables that are read, and takes secrets from Secrets Manager', async () => {
    const { environment, secrets } = await worker()
    assertKnown([...environment, ...secrets].map(({ name }) => name))
    for (const { name, value } of environment) {
      assert.doesNotMatch(name, /URL|KEY$|PASSWORD/u)
      assert.doesNotMatch(value, /:\/\//u)
    }
  })
})
