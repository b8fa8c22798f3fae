import assert from 'node:assert/strict'

/** A sample of Prometheus' text format, by its name with its labels in order, as `name{a="b"}`. */
export type Samples = ReadonlyMap<string, number>

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = String.raw`[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"`
const SAMPLE = new RegExp(String.raw`^(${NAME})(\{${LABEL}(?:,${LABEL})*\})? (\S+)$`, 'u')
const HELP = new RegExp(String.raw`^# HELP (${NAME}) (?:[^\\]|\\\\|\\n)+$`, 'u')
const TYPE = new RegExp(String.raw`^# TYPE (${NAME}) (gauge|counter)$`, 'u')
const VALUE = /^(?:[+-]Inf|NaN|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?)$/u

/** Reads it as strictly as the format is written down: every metric once, with help, type, then all its samples. */
export function parseExposition(text: string): Samples {
  assert.ok(text.endsWith('\n'), 'the last line is not ended')
  const samples = new Map<string, number>()
  const seen = new Set<string>()
  let helped: string | undefined
  let family: { readonly name: string; readonly type: string } | undefined
  for (const line of text.slice(0, -1).split('\n')) {
    const help = HELP.exec(line)?.[1]
    const [, name, type] = TYPE.exec(line) ?? []
    if (help !== undefined) {
      assert.ok(!seen.has(help), `${help} stands twice`)
      seen.add(help)
      helped = help
    } else if (name !== undefined && type !== undefined) {
      assert.equal(name, helped, 'a type without help')
      assert.equal(type === 'counter', name.endsWith('_total'), line)
      family = { name, type }
    } else {
      const [, metric, labels = '', value = ''] = SAMPLE.exec(line) ?? []
      assert.ok(metric !== undefined, `no sample: ${line}`)
      assert.equal(metric, family?.name, `${metric} stands away from its type`)
      assert.match(value, VALUE, line)
      assert.ok(!samples.has(`${metric}${labels}`), `${line} stands twice`)
      samples.set(`${metric}${labels}`, Number(value.replace('Inf', 'Infinity')))
    }
  }
  return samples
}
