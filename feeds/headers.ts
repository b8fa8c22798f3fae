import type { Declined, Feed, Field } from './feed.js'

/** Width, case, blanks and quotes aside: `第１週` is `第1週`, and `"ID"` behind a byte order mark is ID. */
function foldHeader(header: string): string {
  return header
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s"\ufeff]/gu, '')
}

function hasAll(texts: readonly string[], headers: readonly string[]): boolean {
  const there = new Set(texts.map(foldHeader))
  return headers.every((header) => there.has(foldHeader(header)))
}

/** Whether the first record of a file is that of a form. */
export function isOf({ recognise }: Feed, first: readonly string[]): boolean {
  if (recognise.kind === 'shape') return recognise.fits(first)
  const { has, lacks = [] } = recognise
  return hasAll(first, has) && !lacks.some((header) => hasAll(first, [header]))
}

export function isDeclined({ has }: Declined, first: readonly string[]): boolean {
  return hasAll(first, has)
}

/** Where the fields of a form stand in a file. */
export interface Layout {
  readonly width: number
  readonly places: readonly Place[]
  /** Headers of the form that the file lacks. */
  readonly absent: readonly string[]
  /** Those among them that it cannot lack. */
  readonly missing: readonly string[]
  /** Headers that are not known. */
  readonly unread: readonly string[]
  /** Headers that are needed and stand twice. */
  readonly double: readonly string[]
}

export interface Place {
  readonly field: Field
  readonly index: number
  /** As it stands in the file. */
  readonly header: string
}

export function layoutOf(feed: Feed, first: readonly string[], personal: boolean): Layout {
  const width = first.length
  const fields = feed.fields.filter((field) => personal || field.personal !== true)
  if (feed.recognise.kind === 'shape') {
    const places = fields.map((field, index) => ({ field, index, header: field.headers[0] ?? field.field }))
    return { width, places, absent: [], missing: [], unread: [], double: [] }
  }
  const folded = first.map(foldHeader)
  const places: Place[] = []
  const absent: Field[] = []
  const double: string[] = []
  for (const field of fields) {
    const header = field.headers.map(foldHeader).find((one) => folded.includes(one))
    const index = header === undefined ? -1 : folded.indexOf(header)
    if (header === undefined) absent.push(field)
    else places.push({ field, index, header: (first[index] ?? '').trim() })
    if (header !== undefined && folded.lastIndexOf(header) !== index) double.push(first[index] ?? '')
  }
  const names = (some: readonly Field[]): readonly string[] => some.map(({ headers: [one] }) => one ?? '')
  const known = new Set(feed.fields.flatMap(({ headers }) => headers.map(foldHeader)))
  return {
    width,
    places,
    absent: names(absent),
    missing: names(absent.filter(({ required, needed }) => required === true || needed === true)),
    unread: first.filter((header, index) => {
      const word = folded[index] ?? ''
      return word !== '' && !known.has(word) && feed.passes?.test(word) !== true
    }),
    double,
  }
}
