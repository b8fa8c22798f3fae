import type { CsvMapping } from '../core/csv-mapping.js'
import { spreadsheetSign } from './damage.js'
import type { Feed, Fields } from './feed.js'
import { sameNames } from './readers.js'

/** The form of a CSV whose columns are named in a master's file. */
export function mappedFeed({ columns, key, scope }: CsvMapping): Feed {
  const fields = Object.entries(columns).map(([field, given]) => {
    const { header, required } = typeof given === 'string' ? { header: given, required: false } : given
    return {
      ...{ field, headers: [header], max: 100_000 },
      ...{ required: required || key.includes(field), places: scope.includes(field) },
    }
  })
  const scopeOf = (values: Fields): string => scope.map((column) => values.get(column) ?? '').join('-')
  return {
    name: 'csv',
    title: { ja: 'CSV', en: 'CSV' },
    publication: 'csv',
    recognise: { kind: 'headers', has: [] },
    fields,
    columns: sameNames(fields),
    complete: (values, notes) => {
      for (const column of key) {
        // A code of one's own may well look like a date, but not like 1.23E+12.
        if (spreadsheetSign(values.get(column) ?? '') !== 'number') continue
        notes.sign('number', column)
        return notes.reject('ID_FORM', column)
      }
      return { scope: scopeOf(values), values: {} }
    },
    known: (values) => {
      const id = key.map((column) => [column, values.get(column) ?? ''] as const)
      if (id.some(([, text]) => text === '' || spreadsheetSign(text) === 'number')) return null
      return { scope: scopeOf(values), values: Object.fromEntries(id) }
    },
  }
}
