import { deepEqual } from 'node:assert/strict'
import { missedSince } from '../../core/publications.js'

describe('data that is published by a calendar', () => {
  const cases: readonly (readonly [
    name: string,
    asOf: string,
    today: string,
    ...missed: readonly string[],
  ])[] = [
    ['iryojohonet', '2026-06-01', '2026-12-15'],
    ['iryojohonet', '2026-06-01', '2027-01-30'],
    ['iryojohonet', '2026-06-01', '2027-01-31', '2026-12-01'],
    ['iryojohonet', '2025-12-01', '2026-07-31'],
    ['iryojohonet', '2025-12-01', '2026-08-01', '2026-06-01'],
    ['iryojohonet', '2025-06-01', '2026-11-23', '2025-12-01', '2026-06-01'],
    ['kouseikyoku', '2026-10-01', '2026-11-23'],
    ['kouseikyoku', '2026-10-01', '2026-12-17', '2026-11-01'],
    ['kouseikyoku', '2026-12-01', '2027-02-15'],
    ['kouseikyoku', '2026-12-01', '2027-02-16', '2027-01-01'],
    ['kouseikyoku', '2026-07-20', '2026-11-23', '2026-08-01', '2026-09-01', '2026-10-01'],
    ['csv', '2001-01-01', '2026-11-23'],
  ]
  for (const [name, asOf, today, ...missed] of cases)
    it(`${name} of ${asOf} ${missed.length === 0 ? 'is not late' : `lacks ${missed.join(', ')}`} on ${today}`, () => {
      deepEqual(missedSince(name, asOf, today), missed)
    })
})
