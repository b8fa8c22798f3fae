import assert from 'node:assert/strict'
import fc from 'fast-check'
import { passwordsIn, redactor, redactValue, webhookPath } from '../../core/redact.js'

const plain = redactor([])

/** Long enough to be one, and without the sign that stands for it. */
const secret = fc
  .string({ unit: 'grapheme', minLength: 6, maxLength: 30 })
  .filter((text) => !text.includes('*') && text.trim() === text && text.length >= 6)
const around = fc.string({ unit: 'grapheme', maxLength: 20 })

describe('what is kept out of logs', () => {
  it('is the password of any URL, known or not', () => {
    for (const [told, shown] of [
      ['postgres://reader:geheim@db:5432/app', 'postgres://reader:***@db:5432/app'],
      ['postgres://reader:a@b/c?d@db/app failed', 'postgres://reader:***@db/app failed'],
      ['at "https://u:p%40ss@host/x", then', 'at "https://u:***@host/x", then'],
      ['redis://:pw@cache', 'redis://:***@cache'],
      [
        'postgres://db/app?user=u&password=geheim&sslmode=require',
        'postgres://db/app?user=u&password=***&sslmode=require',
      ],
    ] as const)
      assert.equal(plain(told), shown)
  })

  it('is nothing of what holds no secret', () => {
    for (const text of [
      'postgres://reader@db:5432/app',
      'http://127.0.0.1:8233/namespaces/default by mail to a@b.example',
      'password authentication failed for user "reader"',
      'see https://example.com:443/path?at=12:30 and ask ops@example.com',
    ])
      assert.equal(plain(text), text)
  })

  it('is every known secret, wherever it stands and however it is written', () => {
    fc.assert(
      fc.property(secret, around, around, (word, before, after) => {
        const redact = redactor([word])
        for (const written of [word, encodeURIComponent(word), JSON.stringify(word).slice(1, -1)]) {
          const shown = redact(`${before}${written}${after}`)
          assert.ok(!shown.includes(word), shown)
          assert.ok(!shown.includes(written), shown)
        }
      }),
    )
  })

  it('is the password of any URL that the process was given', () => {
    fc.assert(
      fc.property(secret, around, (word, text) => {
        const url = `postgres://reader:${encodeURIComponent(word)}@db.example:5432/app`
        const redact = redactor(passwordsIn(url))
        for (const shown of [redact(`${text}${url}`), redact(`${word}${text}`)]) {
          assert.ok(!shown.includes(word), shown)
          assert.ok(!shown.includes(encodeURIComponent(word)), shown)
        }
      }),
    )
  })

  it('is a password that nobody encoded, and one given as a parameter', () => {
    assert.deepEqual(passwordsIn('postgres://u:pass/word@db/app'), ['pass/word'])
    assert.deepEqual(passwordsIn('postgres://u:pass@word@db/app'), ['pass@word', 'pass@word'])
    assert.deepEqual(passwordsIn('postgres://db/app?password=geheim'), ['geheim'])
    assert.deepEqual(passwordsIn('postgres://u@db/app'), [])
    assert.equal(
      webhookPath('https://hooks.example/services/T0/B0/token?sig=x'),
      '/services/T0/B0/token?sig=x',
    )
    assert.equal(webhookPath('postgres://u@db/app'), '')
  })

  it('leaves a value plain JSON of the same form, errors with all that they carry', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        // As it is written: JSON has no minus zero.
        const shown = JSON.stringify(redactValue(value, (text) => text))
        assert.equal(shown, JSON.stringify(value))
      }),
    )
    const cause = Object.assign(new Error('with geheim1'), { input: 'geheim1' })
    const error = Object.assign(new Error('of geheim1', { cause }), { code: 'X', big: 1n, call: () => 1 })
    const shown = JSON.stringify(redactValue({ error, list: ['geheim1'], geheim1: 1 }, redactor(['geheim1'])))
    assert.ok(!shown.includes('geheim1'), shown)
    assert.match(shown, /"message":"of \*\*\*".*"cause":\{.*"input":"\*\*\*".*"code":"X","big":"1"/u)
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    assert.ok(JSON.stringify(redactValue(circle, plain)).includes('…'))
  })
})
