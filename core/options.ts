import { SyncError } from './errors.js'

interface OptionBase {
  readonly description: string
  readonly secret?: boolean
}
interface TextOption extends OptionBase {
  readonly kind: 'text'
  readonly default?: string
}
interface NumberOption extends OptionBase {
  readonly kind: 'number'
  readonly default: number
  readonly min: number
  readonly max: number
}

/**
 * Every environment variable of the project, once. Each may also be given as NAME_FILE, the path of a file that holds
 * the value. Temporal's own (TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, …) are read by @temporalio/envconfig.
 */
export const OPTIONS = {
  SOURCE_DATABASE_URL: {
    kind: 'text',
    secret: true,
    description: 'the on-prem database, as postgres://user:password@host:port/database',
  },
  CLOUD_DATABASE_URL: { kind: 'text', secret: true, description: 'the cloud database' },
  MASTERS_DIR: { kind: 'text', default: 'masters', description: 'the folder of the master files' },
  TASK_QUEUE: { kind: 'text', default: 'master-sync', description: 'the Temporal task queue of the worker' },
  WORKER_SLOTS: {
    kind: 'number',
    default: 4,
    min: 1,
    max: 64,
    description:
      'steps a worker runs at once; it opens at most this many connections to each database, and one more',
  },
  LEASE_SECONDS: {
    kind: 'number',
    default: 120,
    min: 5,
    max: 3600,
    description:
      'after how long without a sign of life a run may be taken over; statements end earlier, steps are retried after half of it',
  },
  SEGMENT_ROWS: {
    kind: 'number',
    default: 25_000,
    min: 10,
    max: 1_000_000,
    description: 'targets in one segment: the unit of retry',
  },
  BATCH_ROWS: {
    kind: 'number',
    default: 5_000,
    min: 1,
    max: 100_000,
    description: 'changed rows in one transaction',
  },
  HEALTH_PORT: {
    kind: 'number',
    default: 0,
    min: 0,
    max: 65_535,
    description: 'port on 127.0.0.1 for /healthz of the worker; 0: none',
  },
  STATE_DIR: { kind: 'text', description: 'where npm start keeps its databases' },
  TEMPORAL_CLI: { kind: 'text', description: 'path of a temporal binary for npm start and the tests' },
} as const satisfies Readonly<Record<string, TextOption | NumberOption>>

type OptionName = keyof typeof OPTIONS
type NumberName = { [N in OptionName]: (typeof OPTIONS)[N]['kind'] extends 'number' ? N : never }[OptionName]

/** The environment, with values from files in place of their NAME_FILE. */
export interface Environment {
  /** undefined when not set; an empty value counts as not set. */
  readonly text: (name: string) => string | undefined
  readonly number: (name: NumberName) => number
  /** @throws SyncError OPTION_INVALID */
  readonly required: (name: string) => string
}

/** @param readFile gives a file's content; its error becomes part of OPTION_INVALID */
export function readEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): Environment {
  const text = (name: string): string | undefined => {
    const value = variables[name]
    if (value !== undefined && value !== '') return value
    const file = variables[`${name}_FILE`]
    const content = file === undefined || file === '' ? '' : fromFile(name, file, readFile)
    if (content !== '') return content
    const option: TextOption | NumberOption | undefined = Object.hasOwn(OPTIONS, name)
      ? OPTIONS[name as OptionName]
      : undefined
    return option?.kind === 'text' ? option.default : undefined
  }
  const number = (name: NumberName): number => {
    const option = OPTIONS[name]
    const value = text(name)
    if (value === undefined) return option.default
    const parsed = /^\s*\d+\s*$/u.test(value) ? Number(value) : NaN
    if (!(parsed >= option.min && parsed <= option.max)) {
      throw new SyncError(
        'OPTION_INVALID',
        `${name} is ${JSON.stringify(value)}; it takes a whole number from ${option.min} to ${option.max}`,
      )
    }
    return parsed
  }
  const required = (name: string): string => {
    const value = text(name)
    if (value === undefined) throw new SyncError('OPTION_INVALID', `${name} is not set`)
    return value
  }
  return { text, number, required }
}

function fromFile(name: string, file: string, readFile: (path: string) => string): string {
  try {
    return readFile(file).trim()
  } catch (cause) {
    throw new SyncError('OPTION_INVALID', `${name}_FILE: ${file} cannot be read`, { cause })
  }
}
