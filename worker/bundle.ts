import type { WorkerOptions } from '@temporalio/worker'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Where `npm run build` puts the workflows, bundled: beside this file's compiled form. */
export const BUNDLE_PATH = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url))

/** The code of the workflows, in a form that `Worker.create` takes. */
export type WorkflowSource =
  { readonly workflowBundle: WorkerOptions['workflowBundle'] & object } | { readonly workflowsPath: string }

/** The workflows: prebuilt in production, so that a worker starts at once and a fault shows at build time. */
export function workflowSource(): WorkflowSource {
  const compiled = import.meta.url.endsWith('.js')
  if (compiled && existsSync(BUNDLE_PATH)) return { workflowBundle: { codePath: BUNDLE_PATH } }
  return { workflowsPath: workflowsPath() }
}

export function workflowsPath(): string {
  const extension = import.meta.url.endsWith('.js') ? 'js' : 'ts'
  return fileURLToPath(new URL(`../workflows/index.${extension}`, import.meta.url))
}
