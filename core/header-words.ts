/** How the first lines of lists call the id. Compared after `foldHeader`. */
const ID_WORDS = [
  'medical_id',
  'medical_code',
  'id',
  'code',
  'key',
  '医療機関コード',
  '医療機関番号',
  '医療機関id',
  '施設コード',
  '施設番号',
  '施設id',
  '機関コード',
  'コード',
  'キー',
]

const NOTE_WORDS = [
  'note',
  'notes',
  'memo',
  'comment',
  'comments',
  'remarks',
  'メモ',
  '備考',
  '摘要',
  'ノート',
  'コメント',
  '注記',
]

/** Width, case, blanks, joining marks and what is in brackets aside: `Medical ID` and `ｍｅｄｉｃａｌ_id（10桁）` are the same header. */
function foldHeader(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\([^()]*\)|[\s_-]/gu, '')
}

const IDS: ReadonlySet<string> = new Set(ID_WORDS.map(foldHeader))
const NOTES: ReadonlySet<string> = new Set(NOTE_WORDS.map(foldHeader))

/** Where a table's first line says the id and the note stand, as indexes; or what is wrong with it. */
export type Headers =
  | { readonly kind: 'headers'; readonly key: readonly number[]; readonly note: number | undefined }
  | { readonly kind: 'none' }
  | { readonly kind: 'unclear'; readonly index: number; readonly message: string }

/**
 * What the first line of a table is. The key's own names come before general words; a line without a known word is an entry,
 * unless its id has no digit, as headers have none.
 */
export function readHeaders(cells: readonly string[], columns: readonly string[]): Headers {
  const words = cells.map(foldHeader)
  const unclear = (index: number, message: string): Headers => ({
    kind: 'unclear',
    index: Math.max(0, index),
    message,
  })
  const key: number[] = []
  for (const name of columns) {
    const own = indexesOf(words, (word) => word === foldHeader(name))
    const found = own.length > 0 || columns.length > 1 ? own : indexesOf(words, (word) => IDS.has(word))
    const [index, second] = found
    if (second !== undefined)
      return unclear(second, `is a second column that could be ${name}; name one of them ${name}`)
    if (index !== undefined) key.push(index)
  }
  const notes = indexesOf(words, (word, index) => NOTES.has(word) && !key.includes(index))
  const [note, second] = notes
  if (key.length === columns.length) {
    if (second !== undefined && words.filter((word) => word === 'note').length !== 1)
      return unclear(second, 'is a second column that could be the note; name one of them note')
    return { kind: 'headers', key, note: second === undefined ? note : words.indexOf('note') }
  }
  if (key.length > 0 || notes.length > 0)
    return unclear(0, `is a line of headers without ${columns.join(', ')}; name the column of the id so`)
  const nameless = columns.findIndex((_, index) => !/\p{N}/u.test(cells[index] ?? ''))
  if (nameless < 0) return { kind: 'none' }
  return unclear(
    nameless,
    `could be a header that is not known; name the columns ${columns.join(', ')}, note`,
  )
}

function indexesOf(
  words: readonly string[],
  is: (word: string, index: number) => boolean,
): readonly number[] {
  return words.flatMap((word, index) => (is(word, index) ? [index] : []))
}
