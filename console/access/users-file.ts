import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { parseDocument, YAMLMap, YAMLSeq, type Document } from 'yaml'
import { z } from 'zod'
import { SyncError } from '../../core/errors.js'
import { PASSWORD_HASH } from './password.js'
import { ROLES, type Role } from './roles.js'

/** A name is written down with every change: no spaces, so that it is told from what stands beside it. */
export const USER_NAME = /^[\p{L}\p{M}\p{N}._@-]{1,64}$/u

const user = z.strictObject({
  name: z.string().regex(USER_NAME, 'letters, digits and . _ @ - only, 64 at most'),
  role: z.enum(ROLES),
  password: z.string().regex(PASSWORD_HASH, 'made by: master-sync console add-user'),
})

const usersFile = z.strictObject({
  users: z
    .array(user)
    .refine((users) => new Set(users.map(({ name }) => name)).size === users.length, 'a name stands twice'),
})

/** Somebody who may sign in. */
export type StoredUser = Readonly<z.infer<typeof user>>

/** @throws SyncError USERS_FILE_INVALID, which says nothing of what stands there */
export function parseUsers(text: string): readonly StoredUser[] {
  const parsed = usersFile.safeParse(documentOf(text).toJS())
  if (parsed.success) return parsed.data.users
  throw invalid(
    parsed.error.issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  )
}

export function invalid(problem: string, cause?: unknown): SyncError {
  return new SyncError('USERS_FILE_INVALID', `the file of CONSOLE_USERS: ${problem}`, { cause })
}

function documentOf(text: string): Document {
  const document = parseDocument(text)
  const [error] = document.errors
  // Its message quotes the line, which may be a password.
  if (error !== undefined)
    throw invalid(`no YAML${error.linePos === undefined ? '' : ` in line ${error.linePos[0].line}`}`)
  return document
}

/**
 * Adds somebody, or gives them another password and role; all else in the file stays as it is, comments too.
 * @returns whether they were there
 */
export async function storeUser(path: string, name: string, role: Role, password: string): Promise<boolean> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return 'users: []\n'
    throw invalid('it cannot be read', error)
  })
  const index = parseUsers(text).findIndex((known) => known.name === name)
  const document = documentOf(text)
  const entry = document.createNode({ name, role, password })
  if (index >= 0) document.setIn(['users', index], entry)
  else document.addIn(['users'], entry)
  const users = document.get('users')
  if (users instanceof YAMLSeq) users.flow = false
  if (entry instanceof YAMLMap) entry.flow = false
  await replaceFile(path, document.toString({ lineWidth: 0 }))
  return index >= 0
}

/** Whole or not at all, and for its owner alone from the first byte on. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(beside, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw invalid('it cannot be written', error)
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
