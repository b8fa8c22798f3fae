/** Where a text is no XML, or has what a workbook has no use for. */
export class XmlFault extends Error {}

export interface XmlHandler {
  /** @param name without its prefix */
  readonly open?: (name: string, attribute: (name: string) => string | undefined) => void
  readonly close?: (name: string) => void
  readonly text?: (text: string) => void
}

const OPEN = /<([\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/uy
const CLOSE = /<\/(?:[\w.-]+:)?([\w.-]+)\s*>/uy
const OTHER = /<\?[^]*?\?>|<!--[^]*?-->/uy
const CDATA = /<!\[CDATA\[([^]*?)\]\]>/uy
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu

/** No part that is read is nested deeper. */
const DEPTH = 100

/**
 * Goes through a whole XML text, strictly: what is not as it should be is a fault, and is never passed over. There are no
 * entities but those of XML itself, so nothing can grow.
 * @throws XmlFault
 */
export function scanXml(xml: string, { open, close, text }: XmlHandler): void {
  const names: string[] = []
  let at = xml.startsWith('\ufeff') ? 1 : 0
  const matched = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(xml)
    if (match !== null) at = pattern.lastIndex
    return match
  }
  while (at < xml.length) {
    if (xml[at] !== '<') {
      const end = xml.indexOf('<', at)
      const plain = xml.slice(at, end < 0 ? xml.length : end)
      at += plain.length
      if (names.length > 0) text?.(decoded(plain))
      else if (plain.trim() !== '') throw new XmlFault('text outside of the root')
      continue
    }
    const opened = matched(OPEN)
    if (opened !== null) {
      const [, , name = '', attributes = '', closed] = opened
      if (names.length === DEPTH) throw new XmlFault('nested too deeply')
      open?.(name, (wanted) => attributeOf(attributes, wanted))
      if (closed === '/') close?.(name)
      else names.push(name)
      continue
    }
    const closed = matched(CLOSE)?.[1]
    if (closed !== undefined) {
      if (names.pop() !== closed) throw new XmlFault(`</${closed}> without its beginning`)
      close?.(closed)
      continue
    }
    const data = names.length > 0 ? matched(CDATA)?.[1] : undefined
    if (data !== undefined) text?.(data)
    else if (matched(OTHER) === null) throw new XmlFault(`not XML at character ${at}`)
  }
  if (names.length > 0) throw new XmlFault(`<${names.at(-1) ?? ''}> is not closed`)
}

/** @param wanted with its prefix, where it has one */
function attributeOf(attributes: string, wanted: string): string | undefined {
  for (const [, name, double, single] of attributes.matchAll(ATTRIBUTE)) {
    if (name === wanted) return decoded(double ?? single ?? '')
  }
  return undefined
}

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

function decoded(text: string): string {
  const lines = text.includes('\r') ? text.replaceAll(/\r\n?/gu, '\n') : text
  if (!lines.includes('&')) return lines
  return lines.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));|&/gu,
    (whole, decimal?: string, hex?: string, name?: string) => {
      const code =
        decimal !== undefined ? Number(decimal) : hex === undefined ? undefined : Number.parseInt(hex, 16)
      if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code)
      const meant = ENTITIES.get(name ?? '')
      if (meant === undefined) throw new XmlFault(`${whole} is not known`)
      return meant
    },
  )
}
