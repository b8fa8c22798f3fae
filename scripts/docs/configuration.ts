import { masterSchema } from '../../core/master.js'
import { optionsReadBy, type Option } from '../../core/option-table.js'
import { TEMPORAL_VARIABLES } from '../../core/temporal-variables.js'
import { code, sections, table, title } from './markdown.js'
import { inJapanese } from './master-fields-ja.js'
import { outline, type Field } from './outline.js'

/** docs/configuration.md */
export function configurationPage(): string {
  return sections([
    title('Configuration'),
    'A process is told where the databases and Temporal are by its environment, and what to sync by one file for each master. 接続先は環境変数で、同期の内容はマスタごとのファイルで指定します。',
    '## Environment variables / 環境変数',
    'Each may also be given as `NAME_FILE`, the path of a file that holds the value: `CLOUD_DATABASE_URL_FILE=/run/secrets/cloud-url`. An empty value counts as not set; where both are set, the value goes before the file. `.env.example` lists them all, to be copied. どの変数も `NAME_FILE` に値を書いたファイルのパスを指定できます。空の値は未設定と同じで、両方あれば値がファイルに優先します。',
    '### Commands and workers / コマンドとワーカー',
    variables('all'),
    'Commands and workers must agree on all of these but `OPERATOR`, which is of the person at the command line. A master may name other variables for its databases, with `source: database:` and `cloud: database:`; then those are read in place of `SOURCE_DATABASE_URL` and `CLOUD_DATABASE_URL`.',
    '### Workers only / ワーカーのみ',
    variables('worker'),
    '### The console only / コンソールのみ',
    variables('console'),
    '### `npm start`, `bench` and the tests / `npm start`、`bench`、テスト',
    variables('local'),
    '### Temporal',
    "Read by Temporal's own library, in the same way as by the `temporal` program.",
    table(
      ['variable', 'meaning', '意味'],
      Object.entries(TEMPORAL_VARIABLES).map(([name, { description, ja }]) => [code(name), description, ja]),
    ),
    "## A master's file / マスタのファイル",
    'Every `.yaml` file of `MASTERS_DIR` describes one master. With the line `# yaml-language-server: $schema=./master.schema.json` at its top, an editor checks it while you write. A worker reads the files anew for every run. `MASTERS_DIR` の `.yaml` ファイル一つが一つのマスタです。ワーカーは実行のたびに読み直します。',
    table(
      ['field', 'value', 'without it', 'meaning', '意味'],
      outline(masterSchema, 'input').fields.map((field) => [
        code(field.path),
        field.type,
        absence(field),
        field.description,
        inJapanese(field.path),
      ]),
    ),
  ])
}

function variables(reader: Option['readBy']): string {
  return table(
    ['variable', 'without it', 'meaning', '意味'],
    optionsReadBy(reader).map(([name, option]) => [
      code(name),
      'default' in option ? code(String(option.default)) : '',
      `${option.description}${range(option)}`,
      option.ja,
    ]),
  )
}

function range(option: Option): string {
  if (option.kind === 'choice') return ` (${option.choices.join(' or ')})`
  return option.kind === 'number' ? ` (${option.min} to ${option.max})` : ''
}

function absence({ required, default: without }: Field): string {
  if (required) return 'required'
  if (typeof without === 'string' || typeof without === 'boolean') return code(String(without))
  const parts = Object.entries(without ?? {}).map(([name, value]) => `${name}: ${String(value)}`)
  return code(parts.join(', '))
}
