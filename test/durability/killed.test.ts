import { sideBySide } from '../support/side-by-side.js'
import { killedQuestion } from './killed-question.js'
import { killedReplace } from './killed-replace.js'
import { killedTemporal } from './killed-temporal.js'
import { killedUndo } from './killed-undo.js'
import { killedWorker } from './killed-worker.js'

describe('kill -9', () => {
  sideBySide({ ...killedTemporal, ...killedWorker, ...killedQuestion, ...killedUndo, ...killedReplace })
})
