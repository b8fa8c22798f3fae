import { dateInName } from './as-of.js'
import { linksIn } from './newest-links.js'

/** A dated file: what it is called without its date, which is its series, and the date. */
const DATED = /^(.+)_(\d{6}|\d{8})(?:\.csv)?\.(?:zip|csv|gz)$/iu

/** Published with the institutions, and nothing for their table. */
const SPECIALITY_HOURS = /special(?:i)?ty_hours/iu

/**
 * The newest dated file of each series that a page links to, in the order of the page: older ones stay there beside it, and
 * the ending may change from one to the next.
 */
export function newestFiles(html: string, page: URL): readonly URL[] {
  const { base, hrefs } = linksIn(html)
  const from = (base === undefined ? undefined : resolved(base, page)) ?? page
  const newest = new Map<string, { readonly date: string; readonly url: URL }>()
  for (const href of hrefs) {
    const url = resolved(href, from)
    const [, series = '', digits = ''] = DATED.exec(url?.pathname.split('/').at(-1) ?? '') ?? []
    const date = dateInName(digits)
    if (url === undefined || date === undefined || SPECIALITY_HOURS.test(series)) continue
    const before = newest.get(series)
    if (before === undefined || before.date < date) newest.set(series, { date, url })
  }
  return [...newest.values()].map(({ url }) => url)
}

function resolved(href: string, base: URL): URL | undefined {
  const url = URL.canParse(href, base.href) ? new URL(href, base) : undefined
  return url !== undefined && /^https?:$/u.test(url.protocol) ? url : undefined
}
