import assert from 'node:assert/strict'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { OPTIONS } from '../../core/option-table.js'
import { readEnvironment } from '../../core/options.js'

const FILES: Readonly<Record<string, string>> = {
  '/run/url': 'postgres://a/b\n',
  '/run/empty': '\n',
  '/run/rows': ' 50\n',
}

function environment(variables: Readonly<Record<string, string>>) {
  return readEnvironment(variables, (path) => {
    const content = FILES[path]
    if (content === undefined) throw new Error(`ENOENT ${path}`)
    return content
  })
}

const invalid =
  (...parts: readonly RegExp[]) =>
  (error: unknown) => {
    assert.ok(error instanceof SyncError)
    assert.equal(error.code, 'OPTION_INVALID')
    for (const part of parts) assert.match(error.message, part)
    return true
  }

describe('the environment', () => {
  it('gives what is set, else the default; an empty value counts as not set', () => {
    assert.equal(environment({ TASK_QUEUE: 'mine' }).text('TASK_QUEUE'), 'mine')
    assert.equal(environment({ TASK_QUEUE: '' }).text('TASK_QUEUE'), 'master-sync')
    assert.equal(environment({}).text('MASTERS_DIR'), 'masters')
    assert.equal(environment({}).text('SOURCE_DATABASE_URL'), undefined)
    assert.equal(environment({}).text('A_DATABASE_OF_THEIR_OWN'), undefined)
    assert.equal(environment({ BATCH_ROWS: '' }).number('BATCH_ROWS'), 5_000)
  })

  it('reads a value from the file that NAME_FILE names, without the line end', () => {
    assert.equal(
      environment({ SOURCE_DATABASE_URL_FILE: '/run/url' }).required('SOURCE_DATABASE_URL'),
      'postgres://a/b',
    )
    assert.equal(environment({ BATCH_ROWS_FILE: '/run/rows' }).number('BATCH_ROWS'), 50)
    assert.equal(environment({ OTHER_URL_FILE: '/run/url' }).text('OTHER_URL'), 'postgres://a/b')
    assert.equal(environment({ TASK_QUEUE: 'mine', TASK_QUEUE_FILE: '/run/url' }).text('TASK_QUEUE'), 'mine')
  })

  it('takes an empty file for not set, and tells of one that cannot be read', () => {
    assert.equal(environment({ BATCH_ROWS_FILE: '/run/empty' }).number('BATCH_ROWS'), 5_000)
    assert.throws(
      () => environment({ CLOUD_DATABASE_URL_FILE: '/run/empty' }).required('CLOUD_DATABASE_URL'),
      invalid(/^CLOUD_DATABASE_URL is not set$/u),
    )
    assert.throws(
      () => environment({ CLOUD_DATABASE_URL_FILE: '/run/none' }).required('CLOUD_DATABASE_URL'),
      invalid(/CLOUD_DATABASE_URL_FILE/u, /\/run\/none/u),
    )
  })

  it('names a required variable that is not set', () => {
    assert.throws(
      () => environment({}).required('CLOUD_DATABASE_URL'),
      invalid(/^CLOUD_DATABASE_URL is not set$/u),
    )
  })

  it('takes whole numbers within their limits, and names what it does not take', () => {
    const { min, max } = OPTIONS.LEASE_SECONDS
    for (const taken of [min, max])
      assert.equal(environment({ LEASE_SECONDS: String(taken) }).number('LEASE_SECONDS'), taken)
    for (const refused of [min - 1, max + 1, 7.5, -1, 'soon', '60s', ' ', '1e2', '0x20', 'NaN', 'Infinity']) {
      assert.throws(
        () => environment({ LEASE_SECONDS: String(refused) }).number('LEASE_SECONDS'),
        invalid(/^LEASE_SECONDS is /u, new RegExp(`from ${min} to ${max}`, 'u')),
      )
    }
  })

  it('gives back every number that a limit allows', () => {
    const { min, max } = OPTIONS.SEGMENT_ROWS
    fc.assert(
      fc.property(fc.integer({ min, max }), (rows) => {
        assert.equal(environment({ SEGMENT_ROWS: ` ${rows} ` }).number('SEGMENT_ROWS'), rows)
      }),
    )
  })

  it('has defaults within their own limits, and a description of each variable', () => {
    for (const [name, option] of Object.entries(OPTIONS)) {
      assert.ok(option.description.length > 0, name)
      if (option.kind === 'number')
        assert.ok(option.default >= option.min && option.default <= option.max, name)
    }
  })
})
