import { userInfo } from 'node:os'
import type { Environment } from '../core/options.js'

/** Who gives the orders, for the record: OPERATOR, else the name of the user who runs the command. */
export function operatorOf(environment: Environment): string {
  return environment.text('OPERATOR') ?? userName()
}

/** A container may run under a number that has no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid ${String(process.getuid?.() ?? '?')}`
  }
}
