import { causeWords } from '../core/held-causes.js'
import { HELD_WORDS, heldWords, PLAN_WORDS_JA, QUESTION_WORDS } from '../core/plan-words.js'
import { isWrite, PLAN_KINDS, PLANNED } from '../core/plan.js'
import type { Question, SampleRow } from '../core/question.js'
import type { RunReport } from '../core/report.js'
import { shortTime, shortValues, thousands } from './table.js'

/** What is behind a label of a report goes on in lines of their own. */
const INDENT = ' '.repeat(17)

/** What was to be done with rows, and why. */
export function plannedLines({ planned }: RunReport): readonly string[] {
  const kinds = PLAN_KINDS.filter((kind) => (planned[kind] ?? 0) > 0)
  return kinds.map((kind, index) => {
    const label = index === 0 ? '  planned 計画   ' : INDENT
    return `${label}${thousands(planned[kind] ?? 0)} ${kind}: ${PLANNED[kind].meaning} / ${PLAN_WORDS_JA[kind]}`
  })
}

/** What was held back and why, and what can be done about it. */
export function heldLines(
  { kind: ran, master, held, question }: RunReport,
  zone?: string,
): readonly string[] {
  const lines = held.map(({ kind, rows, reason, causes }, index) => {
    const { en, ja } = heldWords(ran, kind)
    const why = causes.map((cause) => causeWords(cause).ja).join('、')
    return `${index === 0 ? '  held 保留      ' : INDENT}${thousands(rows)} ${en} ${ja}: ${reason} / ${why}`
  })
  return question === null ? lines : [...lines, ...questionLines({ ran, master, zone }, question)]
}

interface Asking {
  readonly ran: RunReport['kind']
  readonly master: string
  readonly zone: string | undefined
}

function questionLines({ ran, master, zone }: Asking, question: Question): readonly string[] {
  const { run, state, expires_at, decided_by, decided_at, successor } = question
  const { en, ja } = QUESTION_WORDS[state]
  const label = '  question 質問  '
  if (state === 'open')
    return [
      `${label}run ${run} ${en} until ${shortTime(expires_at, zone)} / ${ja}`,
      `${INDENT}yes / 承認: master-sync approve ${run} --master ${master}`,
      `${INDENT}no / 却下:  master-sync reject ${run} --master ${master}`,
    ]
  const who = decided_by === null ? '' : ` by ${decided_by}`
  const when = decided_at === null ? '' : ` at ${shortTime(decided_at, zone)}`
  const next = successor === null ? '' : `: run ${successor}`
  const line = `${label}run ${run} ${en}${who}${when}${next} / ${ja}`
  if (state !== 'rejected' || successor !== null) return [line]
  if (ran === 'import')
    return [
      line,
      `${INDENT}to load the files all the same / それでも取り込む: master-sync import FILE… --approve --master ${master}`,
    ]
  return [
    line,
    `${INDENT}runs hold it until the source or the list is mended / 元かリストを直すまで保留が続きます`,
    `${INDENT}to do it all the same / それでも反映: master-sync start-sync ${master} --approve`,
  ]
}

/** Some rows of the plan, cell by cell: what the cloud has, and what the source. */
export function sampleLines(sample: readonly SampleRow[]): readonly string[] {
  if (sample.length === 0) return []
  return [
    'some of the rows, cloud → source / 行の例（クラウド → 元）',
    ...sample.flatMap(({ id, kind, held, columns }) => [
      `  ${id}  ${PLANNED[kind].meaning} / ${PLAN_WORDS_JA[kind]}${held === null ? '' : `  [held 保留: ${HELD_WORDS[held].en}]`}`,
      ...columns.map(({ column, cloud, source }) => {
        const [from, to] = shortValues(cloud, source)
        return isWrite(kind)
          ? `      ${column}: ${from} → ${to}`
          : `      ${column}: ${from}, source's last / 元の最後の値 ${to}`
      }),
    ]),
  ]
}
