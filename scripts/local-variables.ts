import { processEnvironment } from '../config/environment.js'
import { optionsReadBy } from '../core/option-table.js'

/** Puts into the process's environment, where local/ reads them, the values of its variables that stand in files. */
export function provideLocalVariables(): void {
  const environment = processEnvironment()
  for (const [name] of optionsReadBy('local')) {
    const value = environment.text(name)
    if (value !== undefined) process.env[name] = value
  }
}
