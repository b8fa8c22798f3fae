/** Tests by their names. */
export type SideBySide = Readonly<Record<string, () => Promise<void>>>

/**
 * Tests that mostly wait, e.g. until a server gives up on a killed process: started together, reported one by one.
 * Each makes and ends what it needs itself.
 */
export function sideBySide(tests: SideBySide): void {
  const running = new Map<string, Promise<void>>()
  before(() => {
    for (const [name, test] of Object.entries(tests)) {
      const run = test()
      // Looked at when its turn comes.
      run.catch(() => undefined)
      running.set(name, run)
    }
  })
  after(async () => {
    await Promise.allSettled(running.values())
  })
  for (const name of Object.keys(tests)) it(name, () => running.get(name))
}
