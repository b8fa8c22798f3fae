import { CommanderError } from '@commander-js/extra-typings'
import { EXIT } from '../core/error-catalogue.js'
import { createProgram } from './program.js'

try {
  const program = await createProgram(process.argv[2])
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage
}
