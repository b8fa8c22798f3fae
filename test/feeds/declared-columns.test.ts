import assert from 'node:assert/strict'
import { MEDICAL_ORGS_COLUMNS } from '../../core/medical-orgs-table.js'
import { FEEDS } from '../../feeds/feeds.js'
import { layoutOf } from '../../feeds/headers.js'
import { columnsOf } from '../../feeds/row-mapper.js'

describe('the declared master table', () => {
  for (const publication of ['iryojohonet', 'kouseikyoku'] as const) {
    it(`has every column that ${publication} gives, and says of no other that it does`, () => {
      const given = FEEDS.filter((feed) => feed.publication === publication).flatMap((feed) => {
        const headers = feed.fields.map((field) => field.headers[0] ?? '')
        return columnsOf(feed, layoutOf(feed, headers, true))
      })
      const declared = MEDICAL_ORGS_COLUMNS.filter(({ from }) => from.includes(publication))
      assert.deepEqual(declared.map(({ name }) => name).sort(), [...new Set(given)].sort())
    })
  }

  it('marks as personal what feeds read only if asked', () => {
    const personal = FEEDS.flatMap(({ fields }) => fields.flatMap((one) => (one.personal ? [one.field] : [])))
    const declared = MEDICAL_ORGS_COLUMNS.filter((column) => column.personal === true)
    assert.deepEqual(declared.map(({ name }) => name).sort(), [...new Set(personal)].sort())
  })
})
