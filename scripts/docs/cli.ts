import type { Argument, CommandUnknownOpts, Option } from '@commander-js/extra-typings'
import { benchSchema } from '../../bench/result.js'
import { EXIT_CODES } from '../../core/exit-meanings.js'
import { failureResultSchema, RESULTS } from '../../core/results.js'
import { anchor, code, sections, table, title } from './markdown.js'
import { shapes, type Shape } from './shapes.js'

const FAILED = 'a verb that ends with an error'

/** docs/cli.md, from the command line itself. */
export function cliPage(program: CommandUnknownOpts): string {
  const all = shapes({ ...RESULTS, bench: benchSchema, [FAILED]: failureResultSchema })
  return sections([
    title('Command line'),
    '`npx master-sync VERB`. Results go to stdout; progress, hints and errors to stderr. With `--json` stdout holds exactly one object, also when the command ends with one of the [errors](errors.md). A verb for one master takes `--master NAME`, which may be left out where there is only one, or one marked `default: true`. 結果は標準出力に、進捗とエラーは標準エラーに出ます。',
    '## Exit codes / 終了コード',
    table(
      ['code', 'meaning', '意味'],
      EXIT_CODES.map(([number, { en, ja }]) => [number, en, ja]),
    ),
    '## Verbs / コマンド',
    ...leaves(program, '').map(({ path, command }) => verb(path, command, all)),
    '## Objects of `--json` / `--json` の出力',
    'A field is always there; where it has no value it is `null`. 項目は常にあり、値が無ければ `null` です。',
    ...all.map(shape),
  ])
}

interface Leaf {
  readonly path: string
  readonly command: CommandUnknownOpts
}

/** The verbs that do something, with the hidden one of `npm start` left out. */
function leaves(command: CommandUnknownOpts, path: string): readonly Leaf[] {
  return command.commands
    .filter((inner) => path !== '' || inner.name() !== 'local')
    .flatMap((inner) => {
      const at = `${path} ${inner.name()}`.trim()
      return inner.commands.length > 0 ? leaves(inner, at) : [{ path: at, command: inner }]
    })
}

function verb(path: string, command: CommandUnknownOpts, all: readonly Shape[]): string {
  const json = command.options.some(({ long }) => long === '--json')
  const printed = all.filter(({ verbs }) =>
    verbs.some((name) => name === path || name.startsWith(`${path} `)),
  )
  if (json && printed.length === 0)
    throw new Error(`${path} takes --json: its schema is missing from RESULTS in core/results.ts`)
  const rows = [...command.registeredArguments.map(argument), ...command.options.map(option)]
  return sections([
    `### ${path}`,
    sentences(command.description()),
    `\`\`\`sh\nmaster-sync ${path} ${command.usage()}\n\`\`\``,
    rows.length === 0 ? '' : table(['argument, option', 'meaning'], rows),
    printed.length === 0
      ? ''
      : `\`--json\` prints: ${printed.map(({ name }) => `[${name}](${anchor(name)})`).join(', ')}`,
  ]).trimEnd()
}

/** `english / 日本語` as two sentences. */
function sentences(description: string): string {
  const [en = '', ja] = description.split(/ \/ (?=[^ -~])/u)
  return `${en.charAt(0).toUpperCase()}${en.slice(1)}.${ja === undefined ? '' : ` ${ja}。`}`
}

function argument(of: Argument): readonly string[] {
  const name = of.variadic ? `${of.name()}…` : of.name()
  return [code(of.required ? name : `[${name}]`), of.description]
}

function option(of: Option): readonly string[] {
  const notes = [
    ...(of.argChoices === undefined ? [] : [of.argChoices.map(code).join(', ')]),
    ...(typeof of.defaultValue === 'string' || typeof of.defaultValue === 'number'
      ? [`without it ${code(String(of.defaultValue))}`]
      : []),
  ]
  return [code(of.flags), [of.description, ...notes].filter((part) => part !== '').join('; ')]
}

function shape({ name, verbs, base, fields }: Shape): string {
  return sections([
    `### ${name}`,
    `Printed by ${verbs.map((name) => (name === FAILED ? name : code(name))).join(', ')}.${base === undefined ? '' : ` All fields of a [${base}](${anchor(base)}), and:`}`,
    table(
      ['field', 'value', 'meaning'],
      fields.map(({ path, type, description }) => [code(path), type, description]),
    ),
  ]).trimEnd()
}
