import { SyncError } from '../core/errors.js'
import type { Remark } from '../core/target-list.js'
import { decode, type Decoded } from '../files/decode.js'
import { invalid } from './entry.js'
import { MAX_BYTES, MAX_TEXT } from './list.js'

const CP932: Remark = {
  kind: 'encoding',
  text: 'read as CP932 (Shift_JIS) / CP932(Shift_JIS)として読みました',
}

interface ListText extends Pick<Decoded, 'lines'> {
  /** Once the lines have ended. */
  readonly remarks: () => readonly Remark[]
}

/**
 * The text of a list.
 * @throws SyncError LIST_INVALID with the place, LIST_UNREADABLE when it is too large
 */
export function textOfList(bytes: AsyncIterable<Uint8Array>, uri: string): ListText {
  const { lines, encoding } = decode(bytes, {
    maxBytes: MAX_BYTES,
    maxLine: MAX_TEXT,
    refuseNul: true,
    invalid: (place, message) => invalid(uri, place, message),
    tooLarge: (message) => new SyncError('LIST_UNREADABLE', `${uri} ${message}`),
  })
  return { lines, remarks: () => (encoding() === 'shift_jis' ? [CP932] : []) }
}
