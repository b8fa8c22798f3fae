import { execFile } from 'node:child_process'
import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Compiles the project into a folder, as `npm run build` does; types are the matter of `npm run check`. Commands and
 * workers start twice as fast from there as from the sources, of which the tests start hundreds.
 * @returns the path of the command
 */
export async function buildInto(folder: string): Promise<string> {
  const compile = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(folder, 'dist')]
  await run(process.execPath, ['node_modules/typescript/bin/tsc', ...compile], { cwd: CHECKOUT })
  for (const name of ['bin', 'masters', 'package.json'])
    await cp(join(CHECKOUT, name), join(folder, name), { recursive: true })
  return join(folder, 'bin', 'master-sync.js')
}

/** With all packages of the checkout, and the workflows bundled. */
export async function buildWithPackages(folder: string): Promise<string> {
  const command = await buildInto(folder)
  await symlink(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'))
  await run(process.execPath, ['dist/scripts/build-bundle.js'], { cwd: folder })
  return command
}
