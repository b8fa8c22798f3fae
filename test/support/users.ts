import { randomBytes, scryptSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { stringify } from 'yaml'

export const PASSWORD = 'correct horse battery'

/** A file of users, all with the same password, unless another is given; made at little cost. */
export async function writeUsers(
  path: string,
  roles: Readonly<Record<string, string>>,
  password = PASSWORD,
): Promise<void> {
  const salt = randomBytes(16)
  const hash = scryptSync(password, salt, 32, { N: 16_384, r: 8, p: 1 }).toString('base64url')
  const stored = `scrypt$N=16384,r=8,p=1$${salt.toString('base64url')}$${hash}`
  const users = Object.entries(roles).map(([name, role]) => ({ name, role, password: stored }))
  await writeFile(path, stringify({ users }), { mode: 0o600 })
}
