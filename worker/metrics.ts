import { OUTCOMES, ROW_COUNTS } from '../core/report.js'
import type { RunMetrics } from '../db/run-metrics.js'
import type { Family, Sample } from './exposition.js'

/** The worker itself, as it stands. */
export interface WorkerState {
  readonly running: boolean
  readonly steps: number
  readonly slots: number
}

/** A master, and what its ledger says; undefined where that could not be asked. */
export interface MasterState {
  readonly master: string
  readonly metrics: RunMetrics | undefined
}

const PREFIX = 'master_sync_'

/** Values of a metric for one master: one number, or several with a label each. */
type Values = number | null | undefined | Iterable<readonly [label: string, value: number]>

interface Metric {
  readonly name: string
  readonly type?: 'counter'
  readonly help: string
  readonly label?: string
  readonly read: (metrics: RunMetrics) => Values
}

/** All from the ledger, so that they are the same whichever worker is asked, and survive its restart. */
const METRICS: readonly Metric[] = [
  {
    name: 'copy_age_seconds',
    help: 'Time since the copy was last brought up to date by a full run.',
    read: ({ success }) => success?.age,
  },
  {
    name: 'last_success_timestamp_seconds',
    help: 'When the copy was last brought up to date by a full run.',
    read: ({ success }) => success?.at,
  },
  {
    name: 'last_run_timestamp_seconds',
    help: 'When the last full run that writes ended, however it did.',
    read: ({ last }) => last?.at,
  },
  {
    name: 'last_run_outcome',
    help: 'How that run ended: 1 for the outcome that it had, 0 for all others.',
    label: 'outcome',
    read: ({ last }) =>
      last === null ? [] : OUTCOMES.map((outcome) => [outcome, last.outcome === outcome ? 1 : 0]),
  },
  {
    name: 'last_run_rows',
    help: 'Rows of that run by what happened to them.',
    label: 'kind',
    read: ({ last }) => (last === null ? [] : ROW_COUNTS.map((kind) => [kind, last.report.rows[kind]])),
  },
  {
    name: 'last_run_seconds',
    help: 'How long that run took.',
    read: ({ last }) => last?.report.seconds.total,
  },
  {
    name: 'last_run_phase_seconds',
    help: 'How long its phases took.',
    label: 'phase',
    read: ({ last }) => Object.entries(last?.report.seconds ?? {}).filter(([phase]) => phase !== 'total'),
  },
  {
    name: 'last_run_bytes',
    help: 'Bytes that passed between the worker and each side in that run.',
    label: 'side',
    read: ({ last }) => Object.entries(last?.report.bytes ?? {}),
  },
  { name: 'targets', help: 'Ids on the list, at that run.', read: ({ last }) => last?.report.targets },
  {
    name: 'missing_targets',
    help: 'Ids on the list that the source lacked, at that run.',
    read: ({ last }) => last?.report.missing,
  },
  {
    name: 'equal',
    help: 'Whether the last proof or verification found both sides equal.',
    read: ({ equal }) => (equal === null ? null : Number(equal)),
  },
  {
    name: 'rejected_rows',
    help: 'Rows that the cloud refuses at present.',
    read: ({ rejects }) => rejects,
  },
  {
    name: 'held_rows',
    help: 'Rows that wait for a person to approve them.',
    read: ({ held }) => held,
  },
  {
    name: 'conflicts',
    help: 'Values that both sides have changed since they last agreed.',
    read: ({ conflicts }) => conflicts,
  },
  {
    name: 'on_hold',
    help: 'Whether runs hold everything until a person lifts it.',
    read: ({ onHold }) => Number(onHold),
  },
  {
    name: 'runs_total',
    type: 'counter',
    help: 'Runs that have ended, of every mode, by outcome.',
    label: 'outcome',
    read: ({ runs }) => OUTCOMES.map((outcome) => [outcome, runs[outcome] ?? 0]),
  },
  {
    name: 'schedule_missed_total',
    type: 'counter',
    help: 'Scheduled runs that could not be started in time, and were not made up for.',
    read: ({ missed }) => missed,
  },
  {
    name: 'schedule_skipped_total',
    type: 'counter',
    help: 'Scheduled runs left out because the one before was still under way.',
    read: ({ skipped }) => skipped,
  },
]

export function metricFamilies(masters: readonly MasterState[], worker: WorkerState): readonly Family[] {
  const up = masters.map(({ master, metrics }) => sample({ master }, metrics === undefined ? 0 : 1))
  return [
    ...ofWorker(worker),
    gauge('up', 'Whether the ledger of the master could be read just now.', up),
    ...METRICS.map((metric) => ({
      name: `${PREFIX}${metric.name}`,
      type: metric.type ?? ('gauge' as const),
      help: metric.help,
      samples: masters.flatMap(({ metrics }) => (metrics === undefined ? [] : samplesOf(metric, metrics))),
    })),
  ]
}

function ofWorker({ running, steps, slots }: WorkerState): readonly Family[] {
  return [
    gauge('worker_running', 'Whether this worker takes work.', [sample({}, Number(running))]),
    gauge('worker_steps', 'Steps that this worker has in flight.', [sample({}, steps)]),
    gauge('worker_slots', 'Steps that this worker may have in flight.', [sample({}, slots)]),
  ]
}

function gauge(name: string, help: string, samples: readonly Sample[]): Family {
  return { name: `${PREFIX}${name}`, type: 'gauge', help, samples }
}

function samplesOf({ label, read }: Metric, metrics: RunMetrics): readonly Sample[] {
  const { master } = metrics
  const values = read(metrics)
  if (values === null || values === undefined) return []
  if (typeof values === 'number') return [sample({ master }, values)]
  return [...values].map(([value, number]) => sample({ master, [label ?? 'kind']: value }, number))
}

function sample(labels: Sample['labels'], value: number): Sample {
  return { labels, value }
}
