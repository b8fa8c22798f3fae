import { execFile } from 'node:child_process'
import { chmod, chown, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serverUser } from '../../local/postgres-binaries.js'

const run = promisify(execFile)

/** Paths of PEM files. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Whether there is an `openssl` to make certificates with. */
export function hasOpenssl(): Promise<boolean> {
  return run('openssl', ['version']).then(
    () => true,
    () => false,
  )
}

/** A certificate authority of its own. */
export async function createAuthority(folder: string, name: string): Promise<Certificate> {
  const files = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) }
  await openssl(
    'req',
    '-x509',
    ...NEW_KEY,
    files.key,
    '-out',
    files.cert,
    '-days',
    '2',
    '-subj',
    `/CN=${name}`,
  )
  return files
}

/** A server's certificate for names such as `DNS:localhost`, readable by the user that PostgreSQL runs as. */
export async function createServerCertificate(
  folder: string,
  authority: Certificate,
  names: string,
): Promise<Certificate> {
  const files = { cert: join(folder, 'server.pem'), key: join(folder, 'server.key') }
  const request = join(folder, 'server.csr')
  const extensions = join(folder, 'server.ext')
  await writeFile(extensions, `subjectAltName=${names}\n`)
  await openssl('req', ...NEW_KEY, files.key, '-out', request, '-subj', '/CN=server')
  const issuer = ['-CA', authority.cert, '-CAkey', authority.key, '-CAcreateserial']
  await openssl(
    'x509',
    '-req',
    '-in',
    request,
    ...issuer,
    '-days',
    '2',
    '-extfile',
    extensions,
    '-out',
    files.cert,
  )
  const user = await serverUser()
  if (user !== undefined) await chown(files.key, user.uid, user.gid)
  await chmod(files.key, 0o600)
  return files
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout']

function openssl(...args: readonly string[]): Promise<unknown> {
  return run('openssl', args)
}
