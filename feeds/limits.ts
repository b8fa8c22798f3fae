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
