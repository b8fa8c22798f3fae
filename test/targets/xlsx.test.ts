import { deepEqual, match, ok } from 'node:assert/strict'
import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { SyncError } from '../../core/errors.js'
import { Zip, zipped } from '../../targets/zip.js'
import { read, readOrRefused, write } from './reading.js'

const LINKS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** A workbook as spreadsheets write them: shared texts, styles, a second sheet. */
async function workbook(
  rows: string,
  strings = '',
  parts: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  return zipped({
    '_rels/.rels': `<Relationships><Relationship Id="a" Type="${LINKS}/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml':
      '<x:workbook xmlns:x="s" xmlns:r="r"><x:sheets><x:sheet name="hidden" r:id="h" state="hidden"/><x:sheet name="対象" r:id="one"/><x:sheet name="old" r:id="two"/></x:sheets></x:workbook>',
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="one" Type="${LINKS}/worksheet" Target="worksheets/a.xml"/><Relationship Id="s" Type="${LINKS}/sharedStrings" Target="strings.xml"/><Relationship Id="t" Type="${LINKS}/styles" Target="styles.xml"/></Relationships>`,
    'xl/worksheets/a.xml': `<?xml version="1.0"?>\n<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    'xl/strings.xml': `<sst><si><t>医療機関コード</t></si><si><t>備考</t></si>${strings}</sst>`,
    'xl/styles.xml':
      '<styleSheet><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    ...parts,
  })
}

const HEADERS = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
const row = (cells: string): string => `${HEADERS}<row r="3">${cells}</row>`

async function told(bytes: Promise<Buffer>): Promise<string> {
  const found = await readOrRefused('xlsx', await bytes)
  return found instanceof SyncError ? found.message : JSON.stringify(found.entries)
}

describe('a list in Excel', () => {
  it('has the texts of its first sheet, without readings and with every character', async () => {
    const strings =
      '<si><r><t>012</t></r><r><rPr/><t xml:space="preserve"> 345</t></r></si>' +
      '<si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si>' +
      '<si><t>&#134071;野家 &amp; _x005F_x0041__x000D_</t></si>'
    const rows = `${HEADERS}<row><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row><row r="7"><c r="B7" t="s"><v>4</v></c></row>`
    match(await told(workbook(rows, strings)), /:7:1 the entry has no medical_id/u)
    const good = rows.replace('<c r="B7"', '<c r="A7" t="inlineStr"><is><t>0x1F</t></is></c><c r="B7"')
    deepEqual(await read('xlsx', await workbook(good, strings)), {
      entries: [
        ['012 345', '東京', '2:1'],
        ['0x1F', '𠮷野家 & _x0041_\r', '7:1'],
      ],
      remarks: ['sheets'],
    })
  })

  const ID: readonly (readonly [string, RegExp])[] = [
    ['<c r="A3"><v>123456</v></c>', /:3:1 \(A3\) is a number or a date/u],
    ['<c r="A3" s="1"><v>45383</v></c>', /:3:1 \(A3\) is a number or a date/u],
    ['<c r="A3" t="d"><v>2024-01-01</v></c>', /:3:1 \(A3\) is a date/u],
    ['<c r="A3" t="b"><v>1</v></c>', /:3:1 \(A3\) is TRUE or FALSE/u],
    ['<c r="A3" t="str"><f>"0"&amp;B1</f><v>0123</v></c>', /:3:1 \(A3\) is a formula/u],
    ['<c r="A3" t="e"><v>#REF!</v></c>', /:3:1 \(A3\) is an error/u],
    [
      '<c r="A3" t="s"><v>99</v></c>',
      /:1:1 is no workbook that can be read: A3 has a text that is not there/u,
    ],
    [
      '<c r="A3" t="inlineStr"><is><t>1</t></is></c><c r="B3" s="1"><v>45383</v></c>',
      /:3:2 \(B3\) is a number or a date/u,
    ],
  ]
  for (const [cells, expected] of ID) {
    it(`is refused with its cell: ${cells}`, async () => match(await told(workbook(row(cells))), expected))
  }

  it('may have whole numbers in notes', async () => {
    deepEqual(
      await told(workbook(row('<c r="A3" t="inlineStr"><is><t>1</t></is></c><c r="B3"><v>2024</v></c>'))),
      '[["1","2024","3:1"]]',
    )
  })

  it('is refused where it is no workbook, or is dangerous to unpack', async () => {
    const bomb = await workbook(HEADERS, '', { 'xl/strings.xml': `<sst>${' '.repeat(1_000_000)}</sst>` })
    const size = bomb.lastIndexOf('xl/strings.xml') - 46 + 24
    ok(bomb.readUInt32LE(size) > 1_000_000)
    const lying = Buffer.from(bomb)
    lying.writeUInt32LE(1000, size)
    const large = Buffer.from(bomb)
    large.writeUInt32LE(3_000_000_000, size)
    const cases: readonly (readonly [Promise<Buffer> | Buffer, RegExp])[] = [
      [Buffer.from(''), /is no workbook/u],
      [Buffer.from('id,note'), /is no workbook/u],
      [Buffer.from('d0cf11e0a1b11ae1', 'hex'), /password/u],
      [zipped({}), /it has no workbook/u],
      [lying, /is damaged in its part xl\/strings.xml/u],
      [large, /has a part of more than 200000000 bytes/u],
      [workbook('<!DOCTYPE x [<!ENTITY a "b">]>'), /is no workbook that can be read: not XML/u],
      [workbook(row('<c r="A3" t="inlineStr"><is><t>&a;</t></is></c>')), /&a; is not known/u],
      [workbook('<a>'.repeat(100_000)), /nested too deeply/u],
      [workbook(`<row ${'a="b" '.repeat(300_000)}>`), /no workbook that can be read/u],
      [workbook(''), /is empty/u],
    ]
    for (const [bytes, expected] of cases) match(await told(Promise.resolve(bytes)), expected)
  })

  it('is read exactly or refused, whatever its sheet holds', async () => {
    const sheet =
      (await new Zip(
        await write('xlsx', [
          ['0123', 'a'],
          ['1e3', null],
        ]),
        'x',
      ).text('xl/worksheets/sheet1.xml')) ?? ''
    const cells = sheet.slice(sheet.indexOf('<row'), sheet.indexOf('</sheetData>'))
    const junk = fc.constantFrom(
      '<f>1</f>',
      ' t="n"',
      '<v>1</v>',
      '&',
      '&#1;',
      '<',
      '>',
      '"',
      '</c>',
      '<is>',
      '<t>9</t>',
      '<rPh>',
      'r="ZZZ1"',
      '<![CDATA[x]]>',
      '<!-- -->',
      '<?x?>',
      '_x0041_',
      '0',
      's="1"',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(cells.length), fc.nat(9), junk), { minLength: 1, maxLength: 3 }),
        async (edits) => {
          let text = cells
          for (const [at, drop, more] of edits) text = text.slice(0, at) + more + text.slice(at + drop)
          const found = await readOrRefused('xlsx', await workbook(text))
          if (found instanceof SyncError) match(found.message, /^ids\.xlsx:[1-9]\d*:[1-9]\d* ./u)
        },
      ),
      { numRuns: Math.ceil(Number(process.env['DAMAGED'] ?? 2000) / 10) },
    )
  })
})
