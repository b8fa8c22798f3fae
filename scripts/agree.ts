import { createInterface } from 'node:readline/promises'

/** Asks a person; who cannot be asked, or turns away without an answer, has not agreed. */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false
  const asking = createInterface({ input: process.stdin, output: process.stderr })
  // Ctrl-C ends the command as it would anywhere else, Ctrl-D is no answer.
  asking.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  const left = new Promise<string>((resolve) => asking.once('close', () => resolve('')))
  try {
    const answer = await Promise.race([asking.question(`${question} [y/N] `), left])
    return /^(?:y|yes|はい)$/iu.test(answer.trim())
  } finally {
    asking.close()
  }
}
