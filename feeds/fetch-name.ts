import { dateInName } from './as-of.js'

/**
 * How people call a fetched file: as its server does, or as its address ends, that of before it sent us on first; best
 * with a date, which is that of the data.
 */
export function nameOf(asked: URL, found: URL, disposition: string | undefined): string {
  const names = [inDisposition(disposition ?? ''), inPath(asked), inPath(found)].filter((name) => name !== '')
  return names.find((name) => dateInName(name) !== undefined) ?? names[0] ?? found.hostname
}

function inPath({ pathname }: URL): string {
  return safe(decoded(pathname.slice(pathname.lastIndexOf('/') + 1)))
}

function inDisposition(text: string): string {
  const encoded = /;\s*filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/iu.exec(text)?.[1]
  if (encoded !== undefined) return safe(decoded(encoded))
  const [, quoted, plain] = /;\s*filename\s*=\s*(?:"([^"]*)"|([^;\s"]+))/iu.exec(text) ?? []
  return safe(quoted ?? plain ?? '')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const MAX_NAME = 200

/** Its last part, without what a terminal or a page could take for more than a name. */
function safe(name: string): string {
  const last = name.split(/[/\\]/u).at(-1) ?? ''
  return last
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>"]/gu, '_')
    .trim()
    .slice(-MAX_NAME)
}
