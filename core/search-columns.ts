import type { Master } from './master.js'
import type { TableShape } from './shape.js'

/** By which columns rows of a master are looked for, and what tells them apart; no column that is excluded. */
export interface SearchColumns {
  /** Of them each word must be found in one. */
  readonly text: readonly string[]
  /** In which values may be demanded just so. */
  readonly filters: readonly string[]
  /** The first of them is what people call the row. */
  readonly show: readonly string[]
}

/** Columns of texts without differences of writing. */
const FORMS = ['name_search', 'kana_search', 'address_search']
const FILTERS = ['prefecture_code', 'institution_type']
const SHOWN = ['name', 'name_kana', 'institution_type', 'prefecture_code', 'address', 'phone']
const CALLED = /name|title|label|名/u
/** Of a table that nobody has described. */
const FEW = 4

/** As the master's file says, else by the names that its columns have. */
export function searchColumns(
  { search = {}, source: { key, exclude } }: Pick<Master, 'search' | 'source'>,
  { columns }: Pick<TableShape, 'columns'>,
): SearchColumns {
  const open = columns.filter(({ name }) => !exclude.includes(name))
  const present = (names: readonly string[]): readonly string[] =>
    names.filter((name) => open.some((column) => column.name === name))
  const texts = open
    .filter(({ name, family }) => family === 'text' && !key.includes(name))
    .map(({ name }) => name)
  const called = texts.filter((name) => CALLED.test(name) && !FORMS.includes(name))
  const forms = present(FORMS)
  const known = present(SHOWN)
  const guessed = [...new Set([...called, ...known, ...texts])].slice(0, FEW)
  return {
    text: present(search.text ?? (forms.length > 0 ? forms : guessed)),
    filters: present(search.filters ?? FILTERS),
    show: present(search.show ?? (known.includes('name') && forms.length > 0 ? known : guessed)),
  }
}
