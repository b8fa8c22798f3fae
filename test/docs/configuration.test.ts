import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { OPTIONS } from '../../core/option-table.js'
import { readEnvironment } from '../../core/options.js'
import { TEMPORAL_VARIABLES } from '../../core/temporal-variables.js'

const { resolve } = createRequire(import.meta.url)
const read = (path: string): string => readFileSync(path, 'utf8')

describe('the documented configuration', () => {
  it("has every variable that Temporal's library reads, and no other", () => {
    const library = resolve('@temporalio/envconfig').replace('index.js', 'envconfig-toml.js')
    const known = new Set(
      `${read(library)}${read(library.replace('-toml', ''))}`.match(/TEMPORAL_[A-Z_]+\b/gu),
    )
    const documented = Object.keys(TEMPORAL_VARIABLES).map((name) => name.replace('*', ''))
    assert.deepEqual([...known].sort(), documented.sort())
  })

  it('has an example that can be used as it stands: .env.example', () => {
    const example = parseEnv(read(fileURLToPath(new URL('../../.env.example', import.meta.url))))
    assert.deepEqual(Object.keys(example).sort(), [
      'CLOUD_DATABASE_URL',
      'SOURCE_DATABASE_URL',
      'TEMPORAL_ADDRESS',
    ])
    const environment = readEnvironment(example, () => '')
    assert.equal(new URL(environment.required('CLOUD_DATABASE_URL')).pathname, '/app')
  })

  it('gives the defaults that hold: .env.example with all comments taken away', () => {
    const text = read(fileURLToPath(new URL('../../.env.example', import.meta.url)))
    const example = readEnvironment(parseEnv(text.replace(/^#(?=[A-Z_]+=)/gmu, '')), () => '')
    const empty = readEnvironment({}, () => '')
    for (const [name, option] of Object.entries(OPTIONS))
      if ('default' in option) assert.equal(example.text(name), String(option.default), name)
    assert.equal(example.number('LEASE_SECONDS'), empty.number('LEASE_SECONDS'))
  })
})
