import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stateDir } from '../../local/places.js'
import { provideLocalVariables } from '../../scripts/local-variables.js'
import { tempDir } from '../support/temp-dir.js'

describe('the variables of npm start', () => {
  it('may stand in files, like all others', async () => {
    const folder = await tempDir()
    const before = process.env['STATE_DIR']
    try {
      const file = join(folder.path, 'state-dir')
      await writeFile(file, '/somewhere/else\n')
      delete process.env['STATE_DIR']
      process.env['STATE_DIR_FILE'] = file
      provideLocalVariables()
      assert.equal(stateDir(process.env), '/somewhere/else')
    } finally {
      delete process.env['STATE_DIR_FILE']
      if (before === undefined) delete process.env['STATE_DIR']
      else process.env['STATE_DIR'] = before
      await folder.remove()
    }
  })
})
