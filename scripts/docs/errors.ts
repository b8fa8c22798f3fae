import { ERRORS, type ErrorCode } from '../../core/error-catalogue.js'
import { ERRORS_JA } from '../../core/error-catalogue.ja.js'
import { EXIT_CODES } from '../../core/exit-meanings.js'
import { sections, title } from './markdown.js'

const CODES = Object.keys(ERRORS) as readonly ErrorCode[]

/** docs/errors.md */
export function errorsPage(): string {
  return sections([
    title('Errors'),
    'An error that a person may meet has a code, which stays the same from version to version: scripts and runbooks may rely on it. A command tells the code, what happened and what to do on stderr; with `--json` the same stands on stdout as `{"failure": {"code", "message", "remedy"}}`.',
    'エラーにはコードがあり、版が変わっても同じです。コマンドはコード、起きたこと、対処を標準エラーに出します。`--json` では標準出力にも同じ内容を出します。',
    'The number is the exit code of a command that ends with the error. A run that fails exits 6, whatever stopped it; its report names the error.',
    ...EXIT_CODES.flatMap(([exit, meaning]) => {
      const codes = CODES.filter((code) => ERRORS[code].exit === Number(exit))
      return codes.length === 0 ? [] : [`## ${exit} · ${meaning.en} / ${meaning.ja}`, ...codes.map(section)]
    }),
  ])
}

function section(code: ErrorCode): string {
  const { meaning, remedy } = ERRORS[code]
  const ja = ERRORS_JA[code]
  return [`### ${code}`, `${meaning} → ${remedy}`, `${ja.meaning} → ${ja.remedy}`].join('\n\n')
}
