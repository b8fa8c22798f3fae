import { deepEqual, ok } from 'node:assert/strict'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { readDocument } from '../../targets/yaml-document.js'
import { about, readOrRefused, type Told } from './reading.js'
import { yamlTexts } from './yaml-texts.js'

/** How many texts are tried. */
const TRIES = Number(process.env['DAMAGED'] ?? 2000)

function byLibrary(text: string): readonly Told[] | SyncError {
  try {
    return readDocument(text, about('yaml')).entries.map(({ entry: { key, note, place } }) => [
      key.join('¦'),
      note,
      `${place.line}:${place.column}`,
    ])
  } catch (error) {
    if (error instanceof SyncError) return error
    throw error
  }
}

describe('a list in YAML, read entry by entry', () => {
  it('has the very entries, at the very places, that the library finds in the whole, or is refused as there', async () => {
    let lists = 0
    await fc.assert(
      fc.asyncProperty(yamlTexts, fc.integer({ min: 1, max: 100 }), async (text, size) => {
        const found = await readOrRefused('yaml', text, { size })
        const expected = byLibrary(text)
        if (found instanceof SyncError) ok(expected instanceof SyncError, found.message)
        else deepEqual(found.entries, expected instanceof SyncError ? expected.message : expected)
        if (!(found instanceof SyncError)) lists++
      }),
      { numRuns: TRIES },
    )
    ok(lists > TRIES / 4, `${lists} of ${TRIES}`)
  })
})
