import { equal } from 'node:assert/strict'
import { lateSince } from '../../core/publications.js'

describe('data that is published by a calendar', () => {
  const cases: readonly (readonly [name: string, asOf: string, today: string, late: string | undefined])[] = [
    ['iryojohonet', '2026-06-01', '2026-12-15', undefined],
    ['iryojohonet', '2026-06-01', '2027-01-30', undefined],
    ['iryojohonet', '2026-06-01', '2027-01-31', '2026-12-01'],
    ['iryojohonet', '2025-12-01', '2026-07-31', undefined],
    ['iryojohonet', '2025-12-01', '2026-08-01', '2026-06-01'],
    ['iryojohonet', '2025-06-01', '2026-11-23', '2025-12-01'],
    ['kouseikyoku', '2026-10-01', '2026-11-23', undefined],
    ['kouseikyoku', '2026-10-01', '2026-12-17', '2026-11-01'],
    ['kouseikyoku', '2026-12-01', '2027-02-15', undefined],
    ['kouseikyoku', '2026-12-01', '2027-02-16', '2027-01-01'],
    ['kouseikyoku', '2024-09-20', '2026-11-23', '2024-10-01'],
    ['csv', '2001-01-01', '2026-11-23', undefined],
  ]
  for (const [name, asOf, today, late] of cases)
    it(`${name} of ${asOf} is ${late === undefined ? 'not late' : `late since ${late}`} on ${today}`, () => {
      equal(lateSince(name, asOf, today), late)
    })
})
