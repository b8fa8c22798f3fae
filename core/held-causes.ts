import { z } from 'zod'

const CAUSES = [
  'rows',
  'percent',
  'list_empty',
  'source_empty',
  'list_halved',
  'source_halved',
  'edits',
  'hold',
  'percent_open',
  'left_out',
  'part_halved',
  'no_end',
  'more_parts',
] as const

/** Why rows wait for a person, with the numbers that say so. */
export const heldCauseSchema = z.strictObject({
  cause: z
    .enum(CAUSES)
    .describe(
      'rows, percent: more than a limit · list_empty, source_empty: nothing is listed, or none of what is listed found · list_halved, source_halved: less than half of what is tracked · edits: they would be lost · hold: the master is on hold · of imports: percent_open: more than a share of the open rows that the files cover, or of one part · left_out: records of the files could not be read, so that rows may only seem absent · part_halved: more than half of a part of the register is not in the files · no_end: files have no end, and may have been cut · more_parts: of so many parts the first are told',
    ),
  count: z.number().nullable().describe('the limit, or how many ids the list, or rows the source, holds'),
  tracked: z
    .int()
    .nullable()
    .describe(
      'rows tracked when the run opened, or open before an import, where the cause is measured by them',
    ),
  part: z.string().optional().describe('which part of the register, prefecture-type'),
})
export type HeldCause = Readonly<z.output<typeof heldCauseSchema>>

interface Words {
  readonly en: string
  readonly ja: string
}

export function causeWords({ cause, count, tracked, part }: HeldCause): Words {
  const [some, all] = [thousands(count), thousands(tracked)]
  switch (cause) {
    case 'more_parts':
      return { en: `${some} such parts in all`, ja: `該当する範囲は全部で ${some}` }
    case 'rows':
      return { en: `more than ${some} rows`, ja: `${some} 行を超過` }
    case 'percent':
      return {
        en: `more than ${some} % of the ${all} rows tracked`,
        ja: `追跡中の ${all} 行の ${some} % を超過`,
      }
    case 'list_empty':
      return { en: 'the target list is empty', ja: '対象リストが空' }
    case 'source_empty':
      return { en: 'the source holds none of the listed rows', ja: '対象の行が元に一つも無い' }
    case 'list_halved':
      return {
        en: `the target list holds ${some} ids, less than half of the ${all} rows tracked`,
        ja: `対象リストの id は ${some} 件で、追跡中の ${all} 行の半分に満たない`,
      }
    case 'source_halved':
      return {
        en: `the source holds ${some} of the listed rows, less than half of the ${all} rows tracked`,
        ja: `元にある対象の行は ${some} 行で、追跡中の ${all} 行の半分に満たない`,
      }
    case 'edits':
      return {
        en: 'would take with it what people wrote in the cloud',
        ja: 'クラウドでの編集内容が失われる',
      }
    case 'hold':
      return { en: 'the master is on hold', ja: 'マスタは停止中' }
    case 'percent_open':
      return part === undefined
        ? {
            en: `more than ${some} % of the ${all} open rows that the files cover`,
            ja: `ファイルの範囲で現存する ${all} 行の ${some} % を超過`,
          }
        : {
            en: `more than ${some} % of the ${all} open rows of ${part}`,
            ja: `${part} の現存 ${all} 行の ${some} % を超過`,
          }
    case 'no_end':
      return {
        en: `${some} of the files have no end, and may have been cut`,
        ja: `最終行に改行がなく、途中で切れた可能性のあるファイルが ${some} 件`,
      }
    case 'left_out':
      return {
        en: `${some} records of the files, whose ids are not known, could not be taken over: rows may only seem absent`,
        ja: `ID の分からない ${some} 件を取り込めず、掲載なしに見えるだけの行がありうる`,
      }
    case 'part_halved':
      return {
        en: `${some} of the ${all} open rows of ${part ?? ''} are not in the files`,
        ja: `${part ?? ''} の現存 ${all} 行のうち ${some} 行がファイルにない`,
      }
  }
}

function thousands(count: number | null): string {
  return count === null ? '' : count.toLocaleString('en-US')
}
