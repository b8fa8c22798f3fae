import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto'
import { promisify } from 'node:util'
import { Refusal } from '../request/refusal.js'

const derive = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

/** As OWASP advises: 128 MB and a third of a second for each try. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const
const BYTES = 32

/** One that was made at another cost is taken as well, up to 1 GB of memory. */
export const PASSWORD_HASH =
  /^scrypt\$N=(16384|32768|65536|131072|262144|524288|1048576),r=(8),p=([1-4])\$([\w-]{22})\$([\w-]{43})$/u

/** Of nobody: that a name is unknown takes as long to say as that a password is wrong. */
const NOBODYS = format(COST, randomBytes(16), randomBytes(BYTES))

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  return format(COST, salt, await derived(password, salt, COST))
}

/** @param stored undefined where there is no such user @throws Refusal where too many are looked at already */
export async function passwordIs(password: string, stored: string | undefined): Promise<boolean> {
  const [, n, r, p, salt = '', hash = ''] = PASSWORD_HASH.exec(stored ?? NOBODYS) ?? []
  const cost = { N: Number(n), r: Number(r), p: Number(p) }
  const found = await inTurn(() => derived(password, Buffer.from(salt, 'base64url'), cost))
  return timingSafeEqual(found, Buffer.from(hash, 'base64url')) && stored !== undefined
}

interface Cost {
  readonly N: number
  readonly r: number
  readonly p: number
}

function derived(password: string, salt: Buffer, cost: Cost): Promise<Buffer> {
  // The same letters may be typed in several ways.
  return derive(password.normalize('NFC'), salt, BYTES, { ...cost, maxmem: 256 * cost.N * cost.r })
}

function format({ N, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return `scrypt$N=${N},r=${r},p=${p}$${salt.toString('base64url')}$${hash.toString('base64url')}`
}

/** More at once would take memory and processors from everybody else. */
const AT_ONCE = 2
const WAITING = 20
let working = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (working < AT_ONCE) working++
  else {
    if (waiting.length >= WAITING) throw new Refusal('often')
    // Whoever is done hands their place on.
    await new Promise<void>((resolve) => void waiting.push(resolve))
  }
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next === undefined) working--
    else next()
  }
}
