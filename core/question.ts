import { z } from 'zod'
import { heldCauseSchema } from './held-causes.js'
import { PLAN_KINDS } from './plan.js'

const run = z.int().min(0)

export const HELD_KINDS = ['inserts', 'updates', 'removals', 'edits', 'hold'] as const

/** What a run did not do by itself. */
export const heldSchema = z.strictObject({
  kind: z
    .enum(HELD_KINDS)
    .describe(
      'inserts, updates, removals: beyond their limit · edits: would take with it what people wrote in the cloud · hold: the master is on hold',
    ),
  rows: z.int().min(0),
  reason: z.string().describe('why, for people'),
  causes: z.array(heldCauseSchema).readonly().describe('why, for programs'),
})
export type Held = Readonly<z.output<typeof heldSchema>>

export const QUESTION_STATES = ['open', 'approved', 'rejected', 'superseded', 'expired', 'settled'] as const
export type QuestionState = (typeof QUESTION_STATES)[number]

/** What waits, or waited, for a person's word. */
export const questionSchema = z.strictObject({
  run: run.describe('its number: the run that asked first'),
  state: z
    .enum(QUESTION_STATES)
    .describe(
      'open · approved · rejected · superseded: a later run asks otherwise · expired · settled: there is nothing to ask any more',
    ),
  asked_at: z.string().describe('ISO 8601, UTC'),
  expires_at: z.string().describe('ISO 8601, UTC'),
  decided_by: z.string().nullable().describe('who approved or rejected it'),
  decided_at: z.string().nullable().describe('ISO 8601, UTC'),
  reason: z.string().nullable().default(null).describe('why, in the words of who decided'),
  successor: run.nullable().describe('the run that did what was approved, or that asks otherwise now'),
})
export type Question = Readonly<z.output<typeof questionSchema>>

/** A row of a plan with the cells that a run would change. */
export const sampleRowSchema = z.strictObject({
  id: z.string(),
  kind: z.enum(PLAN_KINDS).describe('what would be done, and why'),
  held: z.enum(HELD_KINDS).nullable(),
  columns: z
    .array(
      z.strictObject({
        column: z.string(),
        cloud: z.string().nullable().describe('as text'),
        source: z.string().nullable().describe('as text'),
      }),
    )
    .readonly()
    .describe('where the two sides differ'),
})
export type SampleRow = Readonly<z.output<typeof sampleRowSchema>>

/** A master whose apply runs hold everything until a person lifts it. */
export const holdSchema = z.strictObject({
  reason: z.string().describe('for people'),
  by: z.string().describe('who put it on hold'),
  at: z.string().describe('ISO 8601, UTC'),
})
export type Hold = Readonly<z.output<typeof holdSchema>>
