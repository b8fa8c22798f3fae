import type { ActivityInterceptors, ActivityInterceptorsFactory } from '@temporalio/worker'
import { ApplicationFailure } from '@temporalio/common'

type Fields = Readonly<Record<string, unknown>>

/**
 * Every line that is logged in a step says of which master, run and segment; a step that is done logs one line with
 * its seconds and counts. One that fails is logged by Temporal's library, from here with the error's code.
 */
export const stepLog: ActivityInterceptorsFactory = ({ log }): ActivityInterceptors => {
  let about: Fields = {}
  return {
    inbound: {
      execute: async (input, next) => {
        about = aboutInput(input.args[0])
        const began = performance.now()
        try {
          const result: unknown = await next(input)
          log.info('step done', { seconds: secondsSince(began), ...countsOf(result) })
          return result
        } catch (error) {
          const code = error instanceof ApplicationFailure ? { code: error.type } : {}
          about = { ...about, ...code, seconds: secondsSince(began) }
          throw error
        }
      },
    },
    outbound: {
      // The token is long and says nothing to a reader.
      getLogAttributes: (input, next) => ({ ...next(input), ...about, taskToken: undefined }),
    },
  }
}

/** A step is given the run as `ref`, as its whole input, in a notice, or, before it is open, only by its master. */
function aboutInput(input: unknown): Fields {
  const { ref, notice, segment, first, last } = fieldsOf(input)
  const { master, run } = { ...fieldsOf(input), ...fieldsOf(notice), ...fieldsOf(ref) }
  return { master, run, segment: segment ?? first, last_segment: last }
}

/** Of a step's result what is a count, or says how a run ended: no ids. */
const TOLD = [
  ...['run', 'mode', 'outcome', 'equal', 'segments', 'listed', 'targets', 'missing'],
  ...['rows', 'unequal', 'moved', 'bytes', 'told'],
]

function countsOf(result: unknown): Fields {
  const fields = fieldsOf(result)
  const { work } = fields
  const differing = Array.isArray(work) ? { differing: work.reduce<number>(addRows, 0) } : {}
  const told = TOLD.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]] as const)
  return { ...Object.fromEntries(told), ...differing }
}

/** A comparison's work: segments, each with its rows. */
function addRows(sum: number, segment: unknown): number {
  const rows: unknown = Array.isArray(segment) ? segment[1] : undefined
  return sum + (typeof rows === 'number' ? rows : 0)
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function secondsSince(began: number): number {
  return Math.round(performance.now() - began) / 1000
}
