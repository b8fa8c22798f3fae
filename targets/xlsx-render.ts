import { SyncError } from '../core/errors.js'
import { cellName } from '../core/target-list.js'
import { checkWritable } from './entry.js'
import type { FormatOptions, WrittenEntry } from './list.js'
import { zipped } from './zip.js'

const [MAX_ROWS, MAX_CELL] = [1_048_576, 32_767]

const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const SHEETS = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const LINKS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/**
 * A workbook of one sheet. All cells are texts, and their columns too, so that an id typed later stays as it is.
 * @throws SyncError LIST_INVALID
 */
export async function renderedWorkbook(
  entries: AsyncIterable<readonly WrittenEntry[]>,
  about: FormatOptions,
): Promise<Buffer> {
  const names = [...about.columns, 'note']
  const rows = [row(1, names, about.uri)]
  for await (const batch of entries) {
    for (const entry of batch) {
      checkWritable(about.uri, entry)
      rows.push(row(rows.length + 1, [...entry.key, entry.note ?? ''], about.uri))
    }
    if (rows.length > MAX_ROWS) throw unwritten(about.uri, `a sheet has ${MAX_ROWS} rows at most`)
  }
  const columns = names.map(
    (_, index) => `<col min="${index + 1}" max="${index + 1}" width="24" style="1" customWidth="1"/>`,
  )
  return zipped({
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPES}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPES}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPES}.styles+xml"/></Types>`,
    '_rels/.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `${DECLARATION}<workbook xmlns="${SHEETS}" xmlns:r="${LINKS}"><sheets><sheet name="targets" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${DECLARATION}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${LINKS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${LINKS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/styles.xml': `${DECLARATION}<styleSheet xmlns="${SHEETS}"><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf numFmtId="49" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': `${DECLARATION}<worksheet xmlns="${SHEETS}"><cols>${columns.join('')}</cols><sheetData>${rows.join('')}</sheetData><ignoredErrors><ignoredError sqref="A1:${letter(names.length)}${MAX_ROWS}" numberStoredAsText="1"/></ignoredErrors></worksheet>`,
  })
}

function row(line: number, texts: readonly string[], uri: string): string {
  const cells = texts.map((text, index) => {
    if (text === '') return ''
    if (text.length > MAX_CELL)
      throw unwritten(
        uri,
        `a cell holds ${MAX_CELL} characters at most, and ${JSON.stringify(texts[0])} has more`,
      )
    return `<c r="${letter(index + 1)}${line}" s="1" t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`
  })
  return `<row r="${line}">${cells.join('')}</row>`
}

const MARKUP: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
])

/** What XML cannot hold, and what would be read as the escape of it. */
// eslint-disable-next-line no-control-regex -- it is what is looked for
const UNHOLDABLE = /[\0-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[\dA-Fa-f]{4}_)/gu

function escaped(text: string): string {
  return text
    .replaceAll(
      UNHOLDABLE,
      (character) => `_x${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`,
    )
    .replaceAll(/[&<>]/gu, (character) => MARKUP.get(character) ?? character)
}

function letter(column: number): string {
  return cellName({ line: 0, column }).slice(0, -1)
}

function unwritten(uri: string, why: string): SyncError {
  return new SyncError('LIST_INVALID', `${uri} was not written: ${why}`)
}
