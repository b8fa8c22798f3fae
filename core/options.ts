import { SyncError } from './errors.js'
import { OPTIONS, type Option, type OptionName } from './option-table.js'

type NameOf<K extends Option['kind']> = {
  [N in OptionName]: (typeof OPTIONS)[N]['kind'] extends K ? N : never
}[OptionName]
type NumberName = NameOf<'number'>
type ChoiceName = NameOf<'choice'>
type Choice<N extends ChoiceName> = (typeof OPTIONS)[N]['choices'][number]

/** The environment, with values from files in place of their NAME_FILE. */
export interface Environment {
  /** undefined when not set; an empty value counts as not set. */
  readonly text: (name: string) => string | undefined
  /** @throws SyncError OPTION_INVALID */
  readonly number: (name: NumberName) => number
  /** @throws SyncError OPTION_INVALID */
  readonly choice: <N extends ChoiceName>(name: N) => Choice<N>
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
    const option: Option | undefined = Object.hasOwn(OPTIONS, name) ? OPTIONS[name as OptionName] : undefined
    return option === undefined || option.kind === 'number' ? undefined : option.default
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
  const choice = <N extends ChoiceName>(name: N): Choice<N> => {
    const { choices } = OPTIONS[name]
    const value = text(name)
    const chosen = choices.find((word) => word === value)
    if (chosen !== undefined) return chosen
    throw new SyncError(
      'OPTION_INVALID',
      `${name} is ${JSON.stringify(value)}; it takes ${choices.join(' or ')}`,
    )
  }
  const required = (name: string): string => {
    const value = text(name)
    if (value === undefined) throw new SyncError('OPTION_INVALID', `${name} is not set`)
    return value
  }
  return { text, number, choice, required }
}

function fromFile(name: string, file: string, readFile: (path: string) => string): string {
  try {
    return readFile(file).trim()
  } catch (cause) {
    throw new SyncError('OPTION_INVALID', `${name}_FILE: ${file} cannot be read`, { cause })
  }
}
