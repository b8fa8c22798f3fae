import type { Finding, FindingCode } from '../core/finding.js'

/** The first of each kind, and how many there were. */
export interface FindingList {
  readonly first: readonly Finding[]
  readonly counts: Readonly<Partial<Record<FindingCode, number>>>
}

/** Of each kind this many are kept. */
const KEPT = 20

/** The longest part of a value that is told. */
const MAX_TOLD = 80

export class Findings {
  readonly #first: Finding[] = []
  readonly #counts = new Map<FindingCode, number>()

  add(finding: Finding): void {
    const count = (this.#counts.get(finding.code) ?? 0) + 1
    this.#counts.set(finding.code, count)
    if (count > KEPT) return
    const { value } = finding
    const told = value !== null && value.length > MAX_TOLD ? `${value.slice(0, MAX_TOLD)}…` : value
    this.#first.push({ ...finding, value: told })
  }

  list(): FindingList {
    return { first: [...this.#first], counts: Object.fromEntries(this.#counts) }
  }
}
