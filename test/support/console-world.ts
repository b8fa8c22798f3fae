import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { z } from 'zod'
import { startConsole, type RunningConsole } from '../../console/start-console.js'
import { readEnvironment } from '../../core/options.js'
import { App } from '../../operations/app.js'
import { launchBrowser } from './browser.js'
import { createWorld, type World, type WorldOptions } from './world.js'

/** A world with a console in front, and a browser to open it in. */
export interface ConsoleWorld {
  readonly world: World
  readonly console: RunningConsole
  readonly browser: Browser
  /** The address of a page of the master. */
  at(path: string): string
  /** A page of a browser of its own, that asks for that language; `scripts: false`: without any. */
  open(options?: {
    readonly language?: 'ja' | 'en'
    readonly scripts?: boolean
    readonly wide?: number
  }): Promise<Page>
  close(): Promise<void>
}

export async function createConsoleWorld(
  options: WorldOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<ConsoleWorld> {
  const world = await createWorld(options)
  const app = new App(
    readEnvironment({ ...world.env, CONSOLE_PORT: '0', OPERATOR: '山田', ...env }, () => ''),
  )
  const [console, browser] = await Promise.all([startConsole(app, (text) => text), launchBrowser()])
  const contexts: BrowserContext[] = []
  return {
    world,
    console,
    browser,
    at: (path) => `${console.url}/${world.name}/${path}`,
    async open({ language = 'ja', scripts = true, wide = 1400 } = {}) {
      const context = await browser.newContext({
        locale: language,
        javaScriptEnabled: scripts,
        viewport: { width: wide, height: 900 },
      })
      contexts.push(context)
      return context.newPage()
    },
    async close() {
      for (const context of contexts) await context.close()
      await browser.close()
      await console.stop()
      await app.close()
      await world.close()
    },
  }
}

const axe = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const violations = z.array(
  z.object({ id: z.string(), impact: z.string().nullable(), nodes: z.array(z.object({ html: z.string() })) }),
)

/** Demands that nobody is kept from using a page: axe finds nothing serious. */
export async function assertAccessible(page: Page): Promise<void> {
  // Not as a tag of the page, which its policy would refuse.
  const found = violations.parse(
    await page.evaluate(`${await axe}; axe.run().then(({ violations }) => violations)`),
  )
  const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`),
    [],
  )
}
