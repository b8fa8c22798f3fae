/** The largest text that is read of one file, or of one part of a zip, unpacked. The ministry's largest have some 100 MB. */
export const MAX_UNPACKED = 2_000_000_000

/** What the parts of one zip may unpack to, together. */
export const MAX_TOGETHER = 4_000_000_000

/** Parts of one zip. */
export const MAX_PARTS = 1000

/** How much larger than packed a file may be, beyond `RATIO_FREE` bytes. CSV packs to a tenth, or a thirtieth. */
export const MAX_RATIO = 200
export const RATIO_FREE = 16_000_000

/** The longest line, and the longest record, in characters. */
export const MAX_LINE = 1_000_000

/** Rows in one batch. */
export const BATCH = 1000

/** The largest file that is fetched. The ministry's whole set has some 500 MB, unpacked. */
const MAX_FETCHED = 2_000_000_000

/** The largest page that is looked through for files. A page of text and links has a tenth of it, at most. */
const MAX_PAGE = 10_000_000

/** How long a server may send nothing, from being asked on: a busy one takes some seconds. */
const SILENCE_MS = 60_000

/** How often a server may send us on; browsers allow 20, and no publication is known to need more than one. */
export const MAX_REDIRECTS = 5

/** What is fetched at most. */
export interface FetchLimits {
  readonly fileBytes: number
  readonly pageBytes: number
  readonly silenceMs: number
}

export const FETCH_LIMITS: FetchLimits = {
  fileBytes: MAX_FETCHED,
  pageBytes: MAX_PAGE,
  silenceMs: SILENCE_MS,
}
