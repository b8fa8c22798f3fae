import { readFileSync, statSync } from 'node:fs'
import { invalid, parseUsers, type StoredUser } from './users-file.js'

/** Who may sign in, as the file says now. */
export class Users {
  readonly #path: string
  #seen = ''
  #users: ReadonlyMap<string, StoredUser> = new Map()

  constructor(path: string) {
    this.#path = path
  }

  /** @throws SyncError USERS_FILE_INVALID: nobody gets in by a file that was damaged */
  get(name: string): StoredUser | undefined {
    try {
      const { mtimeNs, ctimeNs, size, ino } = statSync(this.#path, { bigint: true })
      const seen = [mtimeNs, ctimeNs, size, ino].join(' ')
      if (seen !== this.#seen) {
        this.#users = new Map(parseUsers(this.#read()).map((user) => [user.name, user]))
        this.#seen = seen
      }
    } catch (error) {
      this.#seen = ''
      throw error instanceof Error && 'syscall' in error ? invalid('it cannot be read', error) : error
    }
    return this.#users.get(name)
  }

  #read(): string {
    return readFileSync(this.#path, 'utf8')
  }
}
