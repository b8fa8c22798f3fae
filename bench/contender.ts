import type pg from 'pg'
import { pipeline } from 'node:stream/promises'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** The two servers as a contender reaches them. */
export interface Servers {
  readonly source: pg.Client
  /** A database of the contender's own. */
  readonly cloud: pg.Client
  readonly sourceUrl: string
  readonly cloudUrl: string
}

/** One run of a contender. */
export interface Timed {
  readonly seconds: number
  /** Of which by phase, where the contender tells. */
  readonly phases?: Readonly<Record<string, number>>
  /** Seconds around the run: starting it, and learning of its end. */
  readonly around?: number
}

/** A way of keeping `orgs` in the cloud as the listed rows of `orgs` at the source. */
export interface Contender {
  readonly name: string
  /** Makes the cloud as it is before the first load. */
  reset(): Promise<void>
  run(): Promise<Timed>
  /** Highest resident memory of its process so far, bytes; undefined where it has none of its own. */
  peakMemory?(): Promise<number | undefined>
}

export async function timed(work: () => Promise<unknown>): Promise<Timed> {
  const began = performance.now()
  await work()
  return { seconds: (performance.now() - began) / 1000 }
}

/** The rows that the cloud should hold. */
const LISTED = 'select orgs.* from orgs join targets using (id)'

/** COPY from server to server, into a table of the cloud. */
export function copyListed({ source, cloud }: Servers, table: string): Promise<void> {
  return pipeline(
    source.query(copyTo(`copy (${LISTED}) to stdout`)),
    cloud.query(copyFrom(`copy ${table} from stdin`)),
  )
}
