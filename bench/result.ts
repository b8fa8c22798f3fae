import { z } from 'zod'

export const CASES = ['first load', 'no change', '0.1 % changed', '5 % changed', 'one id added'] as const
export type Case = (typeof CASES)[number]

const seconds = z.number().min(0)
const bytes = z.int().min(0)

const measuredSchema = z.strictObject({
  contender: z.string(),
  case: z.enum(CASES),
  seconds: seconds.describe('median of the rounds'),
  ratio: z.number().describe("to the COPY pipe's first load"),
  phases: z.record(z.string(), seconds).describe('seconds by phase, of the median round'),
  around: seconds
    .nullable()
    .describe('what the command took beside it: to start the run, and to learn of its end'),
  bytes: z
    .strictObject({ source: bytes, cloud: bytes })
    .describe('on the wire, both ways, counted in a round of its own'),
  wal: bytes.describe('write-ahead log of the cloud server'),
  dead_tuples: z.int().describe('rows left behind by updates, in the cloud table and in the ledger'),
})
export type Measured = z.output<typeof measuredSchema>

const figureSchema = z.strictObject({
  what: z.string(),
  seconds: seconds.describe('median of the rounds'),
  ratio: z.number().describe('to the COPY that stands first'),
})
export type Figure = z.output<typeof figureSchema>

const searchSchema = z.strictObject({
  what: z.string(),
  found: z.int().describe('rows on the first page'),
  p50: z.int().describe('milliseconds within which half of the searches were answered'),
  p95: z.int().describe('and nineteen of twenty'),
})
export type Search = z.output<typeof searchSchema>

/** What `bench --json` prints. */
export const benchSchema = z.strictObject({
  at: z.string().describe('ISO 8601, UTC'),
  machine: z.string().describe('processors, PostgreSQL and Node versions'),
  rows: z.int().describe('rows of the on-prem table'),
  targets: z.int().describe('ids on the list'),
  row_bytes: z.int().describe('mean size of a row on the wire, as COPY text'),
  rounds: z.int(),
  peak_memory: z.int().nullable().describe('highest resident memory of the worker, bytes'),
  idle_memory: z.int().nullable().describe('the same before its first run'),
  measured: z.array(measuredSchema),
  lists: z.array(figureSchema).describe('taking over a list that is new, beside a COPY of its ids'),
  imports: z.array(figureSchema).describe('importing a published file, beside a COPY of it'),
  searches: z.array(searchSchema).describe('looking for rows of a register of as many'),
})
export type BenchResult = z.output<typeof benchSchema>
