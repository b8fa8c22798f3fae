import { ERRORS_JA } from './error-catalogue.ja.js'
import { ERRORS } from './error-catalogue.js'
import type { HeldCounts } from './notice-subject.js'
import { heldWords } from './plan-words.js'
import { remedyInJapanese } from './remedies.ja.js'
import type { RunFailure, RunKind } from './report.js'

/** Long enough for what a server says, short enough for every chat. */
const LONGEST = 1_500

/** What waits for a person, and until when. */
export function heldLines(ran: RunKind, held: HeldCounts, until: string, ja: boolean): readonly string[] {
  return [
    ...held.map(({ kind, rows }) => heldLine(heldWords(ran, kind), rows, ja)),
    ja
      ? `期限: ${until.slice(0, 16).replace('T', ' ')} (UTC)。ほかの変更は反映済みです。`
      : `until ${until.slice(0, 16).replace('T', ' ')} UTC; all else is written`,
  ]
}

function heldLine(words: ReturnType<typeof heldWords>, rows: number, ja: boolean): string {
  return ja ? `${words.ja}: ${rows} 行` : `${words.en}: ${rows} ${rows === 1 ? 'row' : 'rows'}`
}

/** Why a run failed, what that means, and what to do. */
export function failureLines(failure: RunFailure, ja: boolean): readonly string[] {
  const { code, remedy } = failure
  const known = Object.hasOwn(ERRORS, code) ? (code as keyof typeof ERRORS) : undefined
  const words = known !== undefined && ja ? ERRORS_JA[known] : undefined
  // The general advice is in the catalogue's Japanese; what is known of this very case is a statement to run.
  const general = known !== undefined && ERRORS[known].remedy === remedy
  const exact = ja ? remedyInJapanese(remedy) : undefined
  const advice =
    exact !== undefined
      ? [exact]
      : words === undefined
        ? [remedy]
        : [words.remedy, ...(general ? [] : [remedy])]
  return [
    `[${code}] ${withoutValues(failure, ja)}`.slice(0, LONGEST),
    ...(words === undefined ? [] : [words.meaning]),
    ...advice.filter((line) => line !== '').map((line) => `→ ${line}`.slice(0, LONGEST)),
  ]
}

/** What a server says of data quotes it: SQLSTATE 22 (data), 23 (constraints) and P0 (raised by code in it). */
const OF_DATA = /\(((?:22|23|P0)[0-9A-Z]{3})\)/u

function withoutValues({ message }: RunFailure, ja: boolean): string {
  const sqlstate = OF_DATA.exec(message)?.[1]
  if (sqlstate === undefined) return message
  return ja
    ? `SQLSTATE ${sqlstate}（サーバーのメッセージはデータを含みうるため載せません）`
    : `SQLSTATE ${sqlstate}; what the server says may quote data and is not told here`
}
