import { cp, writeFile } from 'node:fs/promises'
import { bundleWorkflowCode } from '@temporalio/worker'
import { BUNDLE_PATH, workflowsPath } from '../worker/bundle.js'

// The last step of `npm run build`: what the compiler leaves. The files that browsers load go beside the console,
// and the workflows into one file, so that a worker starts without a bundler.
await cp('console/assets', 'dist/console/assets', { recursive: true })
const { code } = await bundleWorkflowCode({ workflowsPath: workflowsPath() })
await writeFile(BUNDLE_PATH, code)
