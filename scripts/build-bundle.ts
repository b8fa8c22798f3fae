import { writeFile } from 'node:fs/promises'
import { bundleWorkflowCode } from '@temporalio/worker'
import { BUNDLE_PATH, workflowsPath } from '../worker/bundle.js'

// The last step of `npm run build`: the workflows in one file, so that a worker starts without a bundler.
const { code } = await bundleWorkflowCode({ workflowsPath: workflowsPath() })
await writeFile(BUNDLE_PATH, code)
