import assert from 'node:assert/strict'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { findTemporal, startTemporalServer } from '../../local/temporal-server.js'
import { type TempDir, tempDir } from '../support/temp-dir.js'

describe('finding a temporal program', () => {
  let folder: TempDir
  let said: string[]
  beforeEach(async () => {
    folder = await tempDir()
    said = []
  })
  afterEach(() => folder.remove())

  const at = (...parts: string[]) => join(folder.path, ...parts)
  const say = (line: string) => void said.push(line)
  const answering = 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"'

  async function program(path: string, script: string): Promise<string> {
    await mkdir(join(path, '..'), { recursive: true, mode: 0o755 })
    await writeFile(path, `#!/bin/sh\n${script}\n`)
    await chmod(path, 0o755)
    return path
  }

  /** No Go unless a test puts one there, but the shell's own commands. */
  const path = () => [at('path'), '/usr/bin', '/bin'].join(':')
  const noGo = () => program(at('path', 'go'), 'echo "no Go here" >&2; exit 1')

  it('prefers TEMPORAL_CLI, then the PATH, then the cache folder', async () => {
    const chosen = await program(at('chosen', 'my-temporal'), answering)
    const onPath = await program(at('path', 'temporal'), answering)
    const kept = await program(at('cache', 'bin', 'temporal'), answering)

    assert.equal(await findTemporal({ PATH: path(), TEMPORAL_CLI: chosen }, say, at('cache')), chosen)
    assert.equal(await findTemporal({ PATH: path() }, say, at('cache')), onPath)
    assert.equal(await findTemporal({ PATH: '/usr/bin:/bin' }, say, at('cache')), kept)
    assert.deepEqual(said, [])
  })

  it('passes over programs of that name that are something else, or broken', async () => {
    await program(at('path', 'temporal'), 'echo "temporal: a date library"')
    const kept = await program(at('cache', 'bin', 'temporal'), answering)
    assert.equal(await findTemporal({ PATH: path() }, say, at('cache')), kept)

    await program(at('path', 'temporal'), 'exit 3')
    assert.equal(await findTemporal({ PATH: path() }, say, at('cache')), kept)
  })

  it('does not quietly use another one than TEMPORAL_CLI names', async () => {
    await program(at('path', 'temporal'), answering)
    await assert.rejects(
      findTemporal({ PATH: path(), TEMPORAL_CLI: at('nowhere') }, say, at('cache')),
      /TEMPORAL_CLI is .*nowhere/,
    )
  })

  it('builds one with Go into the cache folder, once, and says so before', async () => {
    const script = [
      'test "$1" = version && exit 0',
      'test "$CGO_ENABLED $1 $2" = "0 install github.com/temporalio/cli/cmd/temporal@v1.5.1" || exit 1',
      `printf '#!/bin/sh\\n%s\\n' '${answering}' > "$GOBIN/temporal"`,
      'chmod +x "$GOBIN/temporal"',
    ]
    await program(at('path', 'go'), script.join('\n'))
    for (let twice = 0; twice < 2; twice++) {
      assert.equal(await findTemporal({ PATH: path() }, say, at('cache')), at('cache', 'bin', 'temporal'))
    }
    assert.equal(said.length, 1)
    assert.match(said[0] ?? '', /3 to 4 minutes.*cache\/bin\/temporal/)
  })

  it('names every way to get one when none works', async () => {
    await noGo()
    await assert.rejects(findTemporal({ PATH: path() }, say, at('cache')), (error: Error) => {
      for (const part of [/no Go here/, /PATH/, /TEMPORAL_CLI/, /cache\/bin\/temporal/, /go install/]) {
        assert.match(error.message, part)
      }
      return true
    })
  })

  it('does not run what others could have put into the cache folder', async () => {
    await noGo()
    await program(at('cache', 'bin', 'temporal'), answering)
    await chmod(at('cache', 'bin'), 0o777)
    await assert.rejects(findTemporal({ PATH: path() }, say, at('cache')), /nobody else can write to/)
  })
})

describe('the Temporal development server', () => {
  let folder: TempDir
  let cli: string
  before(async function () {
    // Building it, where nothing else is at hand, takes minutes.
    this.timeout(15 * 60_000)
    cli = await findTemporal(process.env, (line) => process.stderr.write(`${line}\n`))
    folder = await tempDir()
  })
  after(() => folder.remove())

  it('goes on where it stopped, on the same port, gently ended or not', async () => {
    const dbFile = join(folder.path, 'temporal.db')
    const logFile = join(folder.path, 'temporal.log')
    let server = await startTemporalServer({ cli, dbFile, logFile })
    try {
      assert.equal((await fetch(server.uiUrl ?? '')).status, 200)
      await assert.rejects(startTemporalServer({ cli, dbFile, headless: true }), /is in use/)
      const port = Number(server.address.split(':')[1])
      await assert.rejects(
        startTemporalServer({ cli, port, headless: true }),
        /port \d+ on 127.0.0.1 is in use/,
      )
      await withClient(server.address, (client) =>
        client.workflow.start('nothing', { workflowId: 'kept', taskQueue: 'nobody' }),
      )

      await server.stop()
      server = await startTemporalServer({ cli, port, dbFile, logFile, headless: true })
      assert.equal(await statusOfKept(server.address), 'RUNNING')
      process.kill(server.pid, 'SIGKILL')
      server = await startTemporalServer({ cli, port, dbFile, logFile, headless: true })
      assert.equal(await statusOfKept(server.address), 'RUNNING')
      assert.deepEqual([server.address, server.uiUrl], [`127.0.0.1:${port}`, undefined])
    } finally {
      await server.stop()
    }
  })

  const statusOfKept = (address: string) =>
    withClient(address, async (client) => (await client.workflow.getHandle('kept').describe()).status.name)

  async function withClient<T>(address: string, use: (client: Client) => Promise<T>): Promise<T> {
    const connection = await Connection.connect({ address })
    try {
      return await use(new Client({ connection }))
    } finally {
      await connection.close()
    }
  }
})
