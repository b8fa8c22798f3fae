import { z } from 'zod'

/** What `doctor` looks at, in the order in which it tells. */
export const CHECKS = [
  'variables',
  'masters',
  'server',
  'clock',
  'connections',
  'ledger',
  'temporal',
  'worker',
  'left_over',
  'tables',
  'permissions',
  'indexes',
  'hashes',
  'schedule',
  'import_schedule',
  'imports',
  'hold',
  'last_run',
  'open_runs',
  'question',
  'conflicts',
  'copy',
  'proof',
  'rejects',
  'lists',
] as const
export type CheckName = (typeof CHECKS)[number]

const about = {
  check: z.enum(CHECKS),
  master: z.string().nullable().describe('null: not about one master'),
  side: z.enum(['source', 'cloud']).nullable().describe('null: not about one database'),
  database: z.string().nullable().describe("the variable that holds the database's URL"),
}

const checkSchema = z.strictObject({
  ...about,
  ok: z
    .boolean()
    .nullable()
    .describe(
      'null: not looked at, because of what is a finding of another check, or for a lock of another session',
    ),
  seen: z.string().describe('what was seen, for people'),
})

const findingSchema = z.strictObject({
  ...about,
  code: z.string().describe('a code of docs/errors.md'),
  message: z.string().describe('what it is and what it means'),
  remedy: z.string().describe('the commands or SQL that mend it'),
})

/** What `doctor --json` prints. */
export const doctorSchema = z.strictObject({
  healthy: z.boolean().describe('whether there are no findings'),
  checks: z.array(checkSchema).readonly(),
  findings: z.array(findingSchema).readonly(),
})

export type Check = Readonly<z.output<typeof checkSchema>>
export type Finding = Readonly<z.output<typeof findingSchema>>
export type DoctorReport = Readonly<z.output<typeof doctorSchema>>
