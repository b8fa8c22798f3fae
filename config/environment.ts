import { readFileSync } from 'node:fs'
import { readEnvironment, type Environment } from '../core/options.js'

export function processEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  return readEnvironment(variables, (path) => readFileSync(path, 'utf8'))
}
