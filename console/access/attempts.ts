import { isIPv6 } from 'node:net'
import { Refusal } from '../request/refusal.js'

const WINDOW_MS = 15 * 60_000
const PER_ADDRESS = 20
const PER_NAME = 10
/** The oldest are forgotten first. */
const REMEMBERED = 10_000

/** Who tried to sign in and failed, so that nobody can try passwords by the thousand. */
export class Attempts {
  readonly #failed = new Map<string, { count: number; readonly until: number }>()

  /** Counts as failed until it is `forgiven`. @throws Refusal where there were too many */
  begin(address: string, name: string): void {
    const keys = keysOf(address, name)
    if (keys.some(({ key, most }) => (this.#current(key)?.count ?? 0) >= most)) throw new Refusal('often')
    for (const { key } of keys) this.#count(key)
  }

  forgive(address: string, name: string): void {
    for (const { key } of keysOf(address, name)) {
      const failed = this.#current(key)
      if (failed !== undefined) failed.count--
    }
  }

  #current(key: string) {
    const failed = this.#failed.get(key)
    return failed !== undefined && failed.until > Date.now() ? failed : undefined
  }

  #count(key: string): void {
    const failed = this.#current(key)
    if (failed !== undefined) failed.count++
    else {
      this.#failed.delete(key)
      this.#failed.set(key, { count: 1, until: Date.now() + WINDOW_MS })
    }
    const [oldest] = this.#failed.keys()
    if (this.#failed.size > REMEMBERED && oldest !== undefined) this.#failed.delete(oldest)
  }
}

function keysOf(address: string, name: string): readonly { readonly key: string; readonly most: number }[] {
  return [
    { key: `address ${networkOf(address)}`, most: PER_ADDRESS },
    { key: `name ${name}`, most: PER_NAME },
  ]
}

/** Of IPv6 everybody has a whole network to choose addresses from. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address
  const [before = '', after] = address.split('::')
  const [first, last] = [groups(before), groups(after ?? '')]
  const zeros = after === undefined ? [] : Array<string>(8 - first.length - last.length).fill('0')
  return [...first, ...zeros, ...last].slice(0, 4).join(':')
}

function groups(text: string): readonly string[] {
  return text === '' ? [] : text.split(':')
}
