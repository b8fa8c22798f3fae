import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { SyncError } from '../core/errors.js'
import { say } from './command.js'

const SHORTEST = 12
const LONGEST = 1_000

/** A password from a person, who does not see it, twice; or the first line of a pipe. @throws SyncError PASSWORD_SHORT */
export async function askPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await typedTwice() : await firstLine()
  const { length } = password
  if (length < SHORTEST || length > LONGEST)
    throw new SyncError('PASSWORD_SHORT', `the password has ${length} characters`)
  return password
}

async function typedTwice(): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const input = createInterface({ input: process.stdin, output: nowhere, terminal: true })
  const interrupted = new Promise<never>((_resolve, reject) => {
    input.once('SIGINT', () => reject(new SyncError('USAGE', 'no password was given')))
  })
  try {
    const typed: string[] = []
    for (const question of ['password / パスワード', 'again / もう一度']) {
      say(`${question}:`)
      typed.push(await Promise.race([input.question(''), interrupted]))
    }
    if (typed[0] === typed[1]) return typed[0] ?? ''
    throw new SyncError('PASSWORD_SHORT', 'the two are not the same')
  } finally {
    input.close()
  }
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line
  return ''
}
