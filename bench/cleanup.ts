/** What is to be ended, last begun first ended, whatever becomes of the rest. */
export class Cleanup {
  readonly #stops: (() => Promise<unknown>)[] = []

  add(stop: () => Promise<unknown>): void {
    this.#stops.push(stop)
  }

  /** @throws the first failure, after everything was tried */
  async run(): Promise<void> {
    const failures: unknown[] = []
    for (const stop of this.#stops.splice(0).reverse())
      await stop().catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw failures[0]
  }
}
