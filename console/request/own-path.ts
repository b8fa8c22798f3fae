const NOWHERE = 'http://console.invalid'

/** A path of this console, whatever a link says: read as a browser would read it. */
export function ownPath(text: unknown): string {
  if (typeof text !== 'string' || !text.startsWith('/') || !URL.canParse(text, NOWHERE)) return '/'
  const { origin, pathname, search } = new URL(text, NOWHERE)
  return origin === NOWHERE && !pathname.startsWith('//') ? `${pathname}${search}` : '/'
}
