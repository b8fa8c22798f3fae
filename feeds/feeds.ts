import { SyncError } from '../core/errors.js'
import type { Feed } from './feed.js'
import { isDeclined, isOf, layoutOf } from './headers.js'
import { IRYOJOHONET, SPECIALITY_HOURS } from './iryojohonet.js'
import { KOUSEIKYOKU } from './kouseikyoku.js'

/** Every form of published file. One more is a declaration, named here. */
/** All forms that are known by name. */
export const FEEDS: readonly Feed[] = [...IRYOJOHONET, ...KOUSEIKYOKU]

const DECLINED = [SPECIALITY_HOURS]

/** What a file is, by its first record. */
export type Recognised =
  { readonly kind: 'feed'; readonly feed: Feed } | { readonly kind: 'declined'; readonly why: string }

/**
 * @param wanted the form that people say it is of
 * @throws SyncError IMPORT_FORM_UNKNOWN, with what was there
 */
export function recognise(file: string, first: readonly string[], wanted: Feed | undefined): Recognised {
  const declined = DECLINED.find((one) => isDeclined(one, first))
  if (declined !== undefined) {
    return { kind: 'declined', why: `${declined.title.en} / ${declined.title.ja}` }
  }
  const found = FEEDS.filter((feed) => isOf(feed, first))
  if (wanted !== undefined) {
    if (found.length > 0 && !found.includes(wanted) && wanted.publication !== 'csv')
      throw unknown(file, `is not ${wanted.name}, but looks like ${names(found)}`)
    return { kind: 'feed', feed: fitting(file, first, wanted) }
  }
  const [one, ...others] = found.length > 0 ? found : FEEDS.filter((feed) => couldBe(feed, first))
  if (one === undefined) throw unknown(file, `has none of the known forms; ${there(first)}`)
  if (others.length > 0) throw unknown(file, `could be any of ${names([one, ...others])}: say which it is`)
  return { kind: 'feed', feed: fitting(file, first, one) }
}

/** Whether it has what the form cannot do without. */
function couldBe(feed: Feed, first: readonly string[]): boolean {
  return feed.recognise.kind === 'headers' && layoutOf(feed, first, false).missing.length === 0
}

function fitting(file: string, first: readonly string[], feed: Feed): Feed {
  if (feed.recognise.kind === 'shape') {
    if (isOf(feed, first)) return feed
    throw unknown(file, `does not look like ${feed.name}; ${there(first)}`)
  }
  const { missing, double } = layoutOf(feed, first, true)
  if (missing.length > 0)
    throw unknown(file, `lacks columns that ${feed.name} needs: ${missing.join(', ')}; ${there(first)}`)
  if (double.length > 0) throw unknown(file, `has columns twice: ${double.join(', ')}`)
  return feed
}

/** @throws SyncError IMPORT_FORM_UNKNOWN */
export function feedNamed(name: string): Feed {
  const feed = FEEDS.find((one) => one.name === name)
  if (feed !== undefined) return feed
  throw new SyncError('IMPORT_FORM_UNKNOWN', `${JSON.stringify(name)} is no form; known are ${names(FEEDS)}`)
}

function there(first: readonly string[]): string {
  const shown = first.slice(0, 20).map((text) => (text.length > 40 ? `${text.slice(0, 40)}…` : text))
  return `its first line has ${first.length} values: ${shown.join(', ')}`
}

function names(feeds: readonly Feed[]): string {
  return feeds.map(({ name }) => name).join(', ')
}

function unknown(file: string, message: string): SyncError {
  return new SyncError('IMPORT_FORM_UNKNOWN', `${file} ${message}`, {
    remedy: `Look at the columns that the message names. Where it is of one of these forms, say which with --feed NAME: ${names(FEEDS)}`,
  })
}
