import { posix } from 'node:path'
import { scanXml, XmlFault } from './xml.js'
import type { Zip } from './zip.js'

/** What is needed of a workbook to read its first sheet. */
export interface Workbook {
  readonly sheet: string
  readonly name: string
  /** Names of the other sheets that are not hidden. */
  readonly others: readonly string[]
  readonly strings: readonly string[]
  /** The format of each style of cells, by number. 0 is none. */
  readonly formats: readonly number[]
}

/** @throws SyncError LIST_INVALID, XmlFault */
export async function readWorkbook(zip: Zip): Promise<Workbook> {
  const main = (await relations(zip, '')).find(({ type }) => type.endsWith('/officeDocument'))?.target
  const text = main === undefined ? undefined : await zip.text(main)
  if (main === undefined || text === undefined) throw new XmlFault('it has no workbook')
  const sheets: { readonly name: string; readonly id: string | undefined }[] = []
  scanXml(text, {
    open: (name, attribute) => {
      if (name !== 'sheet' || (attribute('state') ?? 'visible') !== 'visible') return
      sheets.push({ name: attribute('name') ?? '', id: attribute('r:id') ?? attribute('id') })
    },
  })
  const links = await relations(zip, main)
  const part = async (type: string): Promise<string | undefined> => {
    const link = links.find((one) => one.type.endsWith(type))
    return link === undefined ? undefined : zip.text(link.target)
  }
  const [first, ...others] = sheets
  const target = links.find(({ id }) => id === first?.id)?.target
  const sheet = target === undefined ? undefined : await zip.text(target)
  if (first === undefined || sheet === undefined) throw new XmlFault('it has no sheet')
  return {
    sheet,
    name: first.name,
    others: others.map(({ name }) => name),
    strings: readStrings((await part('/sharedStrings')) ?? '<sst/>'),
    formats: readFormats((await part('/styles')) ?? '<styleSheet/>'),
  }
}

interface Relation {
  readonly id: string | undefined
  readonly type: string
  readonly target: string
}

async function relations(zip: Zip, part: string): Promise<readonly Relation[]> {
  const folder = posix.dirname(part)
  const text = await zip.text(posix.join(folder, '_rels', `${posix.basename(part)}.rels`))
  const found: Relation[] = []
  scanXml(text ?? '<none/>', {
    open: (name, attribute) => {
      if (name !== 'Relationship' || attribute('TargetMode') === 'External') return
      const target = posix.resolve('/', folder, attribute('Target') ?? '').slice(1)
      found.push({ id: attribute('Id'), type: attribute('Type') ?? '', target })
    },
  })
  return found
}

/** Collects the text of a string, without the reading (furigana) that Japanese spreadsheets keep with it. */
export class StringText {
  #text = ''
  #within = false
  #phonetic = false

  open(name: string): void {
    if (name === 't') this.#within = true
    if (name === 'rPh') this.#phonetic = true
  }

  text(text: string): void {
    if (this.#within && !this.#phonetic) this.#text += text
  }

  close(name: string): void {
    if (name === 't') this.#within = false
    if (name === 'rPh') this.#phonetic = false
  }

  take(): string {
    const text = unescaped(this.#text)
    this.#text = ''
    return text
  }
}

/** Characters that XML cannot hold stand as `_x000D_` in cells. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text
  return text.replaceAll(/_x([\dA-Fa-f]{4})_/gu, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function readStrings(xml: string): readonly string[] {
  const strings: string[] = []
  const one = new StringText()
  scanXml(xml, {
    open: (name) => one.open(name),
    text: (text) => one.text(text),
    close: (name) => {
      one.close(name)
      if (name === 'si') strings.push(one.take())
    },
  })
  return strings
}

function readFormats(xml: string): readonly number[] {
  const formats: number[] = []
  let within = false
  scanXml(xml, {
    open: (name, attribute) => {
      if (name === 'cellXfs') within = true
      if (name === 'xf' && within) formats.push(Number(attribute('numFmtId') ?? 0))
    },
    close: (name) => {
      if (name === 'cellXfs') within = false
    },
  })
  return formats
}
