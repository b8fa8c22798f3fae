import chromium from '@sparticuz/chromium'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { chromium as playwright, type Page } from 'playwright-core'

// The pictures of the console in docs/images/, taken of the demo. Needs a Japanese font, such as fonts-noto-cjk.

const FOLDER = 'docs/images'
/** More than a run takes off the list without asking. */
const TAKEN_OFF = 1_800

const state = await mkdtemp(join(tmpdir(), 'master-sync-pictures-'))
// PostgreSQL runs as another user where this is root.
await chmod(state, 0o755)
const demo = spawn(process.execPath, ['bin/master-sync.js', 'local'], {
  env: { ...process.env, STATE_DIR: join(state, 'state'), OPERATOR: '佐藤' },
  stdio: ['ignore', 'pipe', 'pipe'],
})
try {
  const { url, source } = await ready()
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    args: ['--no-sandbox', '--disable-gpu'],
  })
  try {
    const page = await browser.newPage({ locale: 'ja', viewport: { width: 1200, height: 800 } })
    await takePictures(page, `${url}/medical_orgs`, source)
  } finally {
    await browser.close()
  }
} finally {
  if (demo.exitCode === null) {
    demo.kill('SIGINT')
    await once(demo, 'exit')
  }
  await rm(state, { recursive: true, force: true })
}

/** Where the demo's console and its on-prem database are, once it says that all is up. */
function ready(): Promise<{ readonly url: string; readonly source: string }> {
  return new Promise((resolve, reject) => {
    let said = ''
    const look = (part: Buffer): void => {
      said += part.toString()
      const url = /^ +console +(http\S+)/mu.exec(said)?.[1]
      const source = /^ +on-prem database +(postgres\S+)/mu.exec(said)?.[1]
      if (url !== undefined && source !== undefined) resolve({ url, source })
    }
    demo.stdout.on('data', look)
    demo.stderr.on('data', look)
    demo.once('exit', () => {
      reject(new Error(`the demo ended before it was ready:\n${said}`))
    })
  })
}

async function takePictures(page: Page, master: string, source: string): Promise<void> {
  await page.goto(`${master}/targets/search?q=${encodeURIComponent('さくら')}`)
  await page.screenshot({ path: join(FOLDER, 'console-targets.png') })
  await holdRun(source)
  await page.goto(`${master}/runs`)
  await page.getByRole('button', { name: '同期する' }).click()
  await page.waitForURL(/\/runs\/\d+/u)
  await page.getByText('承認待ち').first().waitFor({ timeout: 120_000 })
  await page.goto(`${master}/decisions`)
  await page.screenshot({ path: join(FOLDER, 'console-decisions.png') })
  await page.goto(`${master}/runs`)
  await page.screenshot({ path: join(FOLDER, 'console-runs.png') })
}

/** Takes so many ids off the list that the next run asks. */
async function holdRun(source: string): Promise<void> {
  const client = new pg.Client(source)
  await client.connect()
  try {
    await client.query(
      `delete from public.sync_target_orgs where ctid in (select ctid from public.sync_target_orgs limit ${TAKEN_OFF})`,
    )
  } finally {
    await client.end()
  }
}
