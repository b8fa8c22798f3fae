import { createInterface } from 'node:readline/promises'

/** Asks a person; who cannot be asked has not agreed. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return /^(?:y|yes|はい)$/iu.test((await asking.question(`${question} [y/N] `)).trim())
  } finally {
    asking.close()
  }
}
