import assert from 'node:assert/strict'
import { watchSchedule, type ScheduleState, type Watched } from '../../core/schedule-watch.js'

const DAY_MS = 86_400_000
const STATE: ScheduleState = { missed: 4, skipped: 7, paused: false, intervalMs: DAY_MS, age: 60 }
const KNOWN: Watched = { missed: 4, skipped: 7, oldSince: null }
const FRESH = { run: 3, age: 3_600 }
const OLD = { run: 3, age: 3 * 86_400 }

describe('the watch over schedules', () => {
  it('only notes what was before it first looked', () => {
    assert.deepEqual(watchSchedule('orgs', undefined, STATE, FRESH), [{ next: KNOWN }])
    assert.deepEqual(watchSchedule('orgs', KNOWN, STATE, FRESH), [])
  })

  it('tells what was missed and what was left out since, one after the other', () => {
    assert.deepEqual(watchSchedule('orgs', KNOWN, { ...STATE, missed: 6, skipped: 8 }, FRESH), [
      { next: { ...KNOWN, missed: 6 }, notice: { kind: 'missed', master: 'orgs', count: 2 } },
      {
        next: { missed: 6, skipped: 8, oldSince: null },
        notice: { kind: 'skipped', master: 'orgs', count: 1 },
      },
    ])
  })

  it('begins anew with a schedule that does', () => {
    assert.deepEqual(watchSchedule('orgs', KNOWN, { ...STATE, missed: 0 }, FRESH), [
      { next: { ...KNOWN, missed: 0 } },
    ])
  })

  it('tells once that a copy is older than two intervals, and again after it was fresh', () => {
    const notice = { kind: 'old', master: 'orgs', paused: false, seconds: OLD.age } as const
    const told = { ...KNOWN, oldSince: 3 }
    assert.deepEqual(watchSchedule('orgs', KNOWN, STATE, OLD), [{ next: told, notice }])
    assert.deepEqual(watchSchedule('orgs', told, STATE, OLD), [])
    assert.deepEqual(watchSchedule('orgs', told, STATE, { ...FRESH, run: 4 }), [{ next: KNOWN }])
    const [again] = watchSchedule('orgs', told, STATE, { ...OLD, run: 5 })
    assert.equal(again?.notice?.kind, 'old')
  })

  it('counts from the schedule where there never was a copy', () => {
    assert.deepEqual(watchSchedule('orgs', KNOWN, STATE, undefined), [])
    assert.deepEqual(watchSchedule('orgs', KNOWN, { ...STATE, age: 3 * 86_400, paused: true }, undefined), [
      { next: { ...KNOWN, oldSince: 0 }, notice: { kind: 'old', master: 'orgs', paused: true } },
    ])
    assert.deepEqual(
      watchSchedule('orgs', KNOWN, { ...STATE, age: 1e9, intervalMs: undefined }, undefined),
      [],
    )
  })
})
