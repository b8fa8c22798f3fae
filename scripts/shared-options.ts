import { Option } from '@commander-js/extra-typings'

/** Options that most verbs have, in the same words. */

export const MASTER = new Option(
  '--master <name>',
  'the master; needed where there are several and none is marked default: true / マスタの名前',
)

export const ANY_MASTER = new Option(
  '--master <name>',
  'only this master; all without it / マスタの名前（省略時は全部）',
)

export const JSON_RESULT = new Option('--json', 'print one JSON object (docs/cli.md) / JSON で出力')
