/** What the links of a page say, as it is written there. */
export interface Links {
  /** What they are relative to, where it is not the page. */
  readonly base: string | undefined
  readonly hrefs: readonly string[]
}

/** The links of a page in HTML, in their order; of comments and scripts nothing is read. */
export function linksIn(html: string): Links {
  let base: string | undefined
  const hrefs: string[] = []
  for (const { name, attributes } of tagsIn(html)) {
    const href = attributes.get('href')
    if (href === undefined) continue
    if (name === 'a') hrefs.push(href)
    else if (name === 'base') base ??= href
  }
  return { base, hrefs }
}

interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
}

/** Takes time in proportion to the page's length, whatever it holds. */
function* tagsIn(html: string): Generator<Tag> {
  const opening = /<(?:!--|([a-z][^\s/>]*))/giu
  for (let found = opening.exec(html); found !== null; found = opening.exec(html)) {
    const name = found[1]?.toLowerCase()
    if (name === undefined) {
      opening.lastIndex = endOf(/-->/gu, html, found.index + 2)
      continue
    }
    const { attributes, end } = attributesAt(html, opening.lastIndex)
    yield { name, attributes }
    const closing = TEXT_ONLY.get(name)
    opening.lastIndex = closing === undefined ? end : endOf(closing, html, end)
  }
}

/** Elements in which tags are but text, and what ends them. */
const TEXT_ONLY: ReadonlyMap<string, RegExp> = new Map(
  ['script', 'style', 'textarea', 'title'].map((name) => [name, new RegExp(`</${name}`, 'giu')]),
)

function attributesAt(html: string, start: number): { attributes: Tag['attributes']; end: number } {
  const attributes = new Map<string, string>()
  const attribute = /[\s/]*([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?/uy
  let end = start
  for (attribute.lastIndex = start; ; end = attribute.lastIndex) {
    const found = attribute.exec(html)
    if (found === null) return { attributes, end: endOf(/>/gu, html, end) }
    const [, name = '', double, single, plain] = found
    const key = name.toLowerCase()
    // Of one that is written twice, the first counts.
    if (!attributes.has(key)) attributes.set(key, text(double ?? single ?? plain ?? ''))
  }
}

/** Where the next of it ends; the page's end, where there is none. */
function endOf(what: RegExp, html: string, from: number): number {
  const search = new RegExp(what)
  search.lastIndex = from
  return search.exec(html) === null ? html.length : search.lastIndex
}

/** Those that addresses need. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
  ['lt', '<'],
  ['gt', '>'],
])

function text(value: string): string {
  return value.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]+));/giu,
    (written: string, decimal?: string, hex?: string, name?: string) => {
      const code = decimal !== undefined ? Number(decimal) : hex !== undefined ? parseInt(hex, 16) : undefined
      if (code === undefined) return NAMED.get(name ?? '') ?? written
      return code <= 0x10_ff_ff ? String.fromCodePoint(code) : written
    },
  )
}
