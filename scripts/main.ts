import { CommanderError } from '@commander-js/extra-typings'
import { ERRORS, EXIT } from '../core/error-catalogue.js'
import { createProgram } from './program.js'

// Whoever reads may stop before the end: `master-sync runs | head`.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit()
  })

try {
  const program = await createProgram(process.argv[2])
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
  // Commander has told people; a program is told in the one form that all errors have.
  if (error.exitCode !== 0 && process.argv.includes('--json')) {
    const { printJson } = await import('./command.js')
    printJson({
      failure: {
        code: 'USAGE',
        message: error.message.replace(/^error: /u, ''),
        remedy: ERRORS.USAGE.remedy,
      },
    })
  }
}
