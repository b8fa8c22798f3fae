import assert from 'node:assert/strict'
import { keepsText } from '../../core/types.js'

describe('a cloud column of another type', () => {
  it('keeps every value, as text, where it is only wider', () => {
    for (const [source, cloud] of [
      ['smallint', 'integer'],
      ['smallint', 'numeric'],
      ['integer', 'bigint'],
      ['bigint', 'numeric'],
      ['character varying(10)', 'character varying(10)'],
      ['character varying(10)', 'character varying(11)'],
      ['character varying(10)', 'character varying'],
      ['character varying', 'text'],
      ['text', 'character varying'],
      ['numeric(10,2)', 'numeric(10,2)'],
      ['public.mood[]', 'public.mood[]'],
    ] as const) {
      assert.ok(keepsText(source, cloud), `${source} → ${cloud}`)
    }
  })

  it('does not where a value could come out otherwise', () => {
    for (const [source, cloud] of [
      ['integer', 'smallint'],
      ['numeric', 'bigint'],
      ['numeric', 'numeric(10,2)'],
      ['numeric(10,2)', 'numeric'],
      ['integer', 'numeric(10,2)'],
      ['integer', 'text'],
      ['character varying(10)', 'character varying(9)'],
      ['character varying', 'character varying(10)'],
      ['text', 'character varying(10)'],
      ['character(10)', 'text'],
      ['text', 'character(10)'],
      ['real', 'double precision'],
      ['timestamp with time zone', 'timestamp without time zone'],
      ['json', 'jsonb'],
    ] as const) {
      assert.ok(!keepsText(source, cloud), `${source} → ${cloud}`)
    }
  })
})
