import assert from 'node:assert/strict'
import pg from 'pg'
import { quoteName } from '../../core/table-name.js'
import { postgres } from '../support/servers.js'

describe('a name in a statement for people', () => {
  it('stands in quotes where the server would take it for a word of its own', async () => {
    const client = new pg.Client(postgres('cloud').url('postgres'))
    await client.connect()
    const { rows } = await client.query<{ word: string; reserved: boolean }>(
      `select word, catcode in ('R', 'T') as reserved from pg_get_keywords()`,
    )
    await client.end()
    assert.ok(rows.length > 400)
    for (const { word, reserved } of rows) assert.equal(quoteName(word), reserved ? `"${word}"` : word)
  })
})
