import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort, isListening } from '../../local/places.js'
import { launch, waitUntil } from '../../local/processes.js'
import { tempDir } from './temp-dir.js'
import { findVersitygw } from './versitygw.js'

const run = promisify(execFile)

/** Who signs a request. Made up: the server lives as long as a test. */
interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Server {
  readonly url: string
  /** The folder of its buckets. */
  readonly data: string
  /** May do everything. */
  readonly owner: Credentials
  /** Known to the server, allowed nothing. */
  readonly stranger: Credentials
  stop(): Promise<void>
}

/** A real S3 server over a temporary folder, with these buckets. */
export async function startS3(buckets: readonly string[]): Promise<S3Server> {
  const program = await findVersitygw()
  const folder = await tempDir()
  const [data, iam, sidecar] = ['data', 'iam', 'sidecar'].map((name) => join(folder.path, name))
  if (data === undefined || iam === undefined || sidecar === undefined) throw new Error('no folders')
  for (const path of [iam, sidecar, ...buckets.map((bucket) => join(data, bucket))])
    await mkdir(path, { recursive: true })
  const port = await freePort()
  const owner = { accessKeyId: 'owner', secretAccessKey: 'secret-of-the-owner' }
  const stranger = { accessKeyId: 'stranger', secretAccessKey: 'secret-of-the-stranger' }
  // Of its own only: it reads variables with names as common as WEBHOOK.
  const env = { PATH: process.env['PATH'] ?? '' }
  const server = await launch(
    program,
    [
      ...['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--iam-dir', iam],
      ...['--access', owner.accessKeyId, '--secret', owner.secretAccessKey],
      // Metadata beside the data: not every temporary folder has extended attributes.
      ...['posix', '--sidecar', sidecar, data],
    ],
    { cwd: folder.path, env },
  )
  const stop = async (): Promise<void> => {
    await server.end('SIGTERM', 'SIGKILL', 10_000)
    await folder.remove()
  }
  await waitUntil(() => !server.isRunning() || isListening(port), 30_000)
  if (!server.isRunning()) throw new Error(`the S3 server did not start:\n${await server.lastLines()}`)
  const url = `http://127.0.0.1:${port}`
  const admin = ['--access', owner.accessKeyId, '--secret', owner.secretAccessKey, '--endpoint-url', url]
  const user = ['--access', stranger.accessKeyId, '--secret', stranger.secretAccessKey, '--role', 'user']
  await run(program, ['admin', ...admin, 'create-user', ...user], { env })
  return { url, data, owner, stranger, stop }
}
