import assert from 'node:assert/strict'
import { doctorSchema, type DoctorReport, type Finding } from '../../core/doctor-report.js'
import { readEnvironment } from '../../core/options.js'
import { examineAll } from '../../operations/doctor/index.js'
import { cli, exits } from './run-cli.js'

type Variables = Readonly<Record<string, string>>

/** What `doctor` finds, on connections of its own as in a process of its own. */
export async function examined(env: Variables): Promise<DoctorReport> {
  const environment = readEnvironment(env, () => '')
  return doctorSchema.parse(await examineAll(environment, { variables: Object.keys(env) }))
}

/** Codes of the findings, in the order told. */
export function codesOf({ findings }: DoctorReport): readonly string[] {
  return findings.map(({ code }) => code)
}

/** Demands exactly these findings, and gives them. */
export async function finds(env: Variables, ...codes: readonly string[]): Promise<readonly Finding[]> {
  const report = await examined(env)
  assert.deepEqual([...codesOf(report)].sort(), [...codes].sort(), JSON.stringify(report.findings, null, 1))
  assert.equal(report.healthy, codes.length === 0)
  return report.findings
}

/** The finding of that code. */
export function found(findings: readonly Finding[], code: string): Finding {
  const finding = findings.find((one) => one.code === code)
  assert.ok(finding !== undefined, `no ${code} in ${JSON.stringify(findings)}`)
  return finding
}

/** Runs the last of the commands that a finding gives, as a person would paste it. */
export async function runRemedy(env: Variables, { remedy }: Finding): Promise<void> {
  const command = remedy.split('\n').at(-1)?.split('master-sync ').at(-1)
  assert.ok(command !== undefined && command !== remedy, `no command in: ${remedy}`)
  exits(await cli(env, ...command.split(' ')), 0)
}
