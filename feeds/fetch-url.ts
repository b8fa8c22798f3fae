import { refused, told } from './fetch-errors.js'

/** An address that may be fetched. @throws SyncError IMPORT_REFUSED */
export function fetchable(url: URL): URL {
  const { protocol, username, password } = url
  if (protocol !== 'http:' && protocol !== 'https:')
    throw refused(`${protocol} is not fetched, only https: and http:`)
  if (username !== '' || password !== '')
    throw refused(`${told(url)} comes with a user or a password; only what is open to all is fetched`)
  return url
}

/** Where a server sends us on to, or its page points. @throws SyncError IMPORT_REFUSED */
export function onward(from: URL, to: string): URL {
  if (!URL.canParse(to, from.href)) throw refused(`${told(from)} leads to what is no address`)
  const url = fetchable(new URL(to, from))
  if (from.protocol === 'https:' && url.protocol !== 'https:')
    throw refused(`${told(from)} leads to ${told(url)}, where anyone on the way could change the file`)
  return url
}
