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
    this.#first.push(shortened(finding))
  }

  list(): FindingList {
    return { first: [...this.#first], counts: Object.fromEntries(this.#counts) }
  }
}

/** The list with so many more of one kind, of which the first are given. */
export function withMore(list: FindingList, count: number, first: readonly Finding[]): FindingList {
  const [one] = first
  if (one === undefined) return list
  const before = list.counts[one.code] ?? 0
  return {
    first: [...list.first, ...first.slice(0, Math.max(0, KEPT - before)).map(shortened)],
    counts: { ...list.counts, [one.code]: before + count },
  }
}

function shortened(finding: Finding): Finding {
  const { value } = finding
  return value !== null && value.length > MAX_TOLD
    ? { ...finding, value: `${value.slice(0, MAX_TOLD)}…` }
    : finding
}
