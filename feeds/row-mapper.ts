import { addressSearchForm, searchForm } from '../core/normalise.js'
import type { FindingCode } from '../core/finding.js'
import type { Damage } from './damage.js'
import type { Completed, Feed, Fields, Notes } from './feed.js'
import type { Findings } from './findings.js'
import type { Layout, Place } from './headers.js'
import { readField } from './read-field.js'
import type { FeedRecord } from './records.js'

/** A row of the master table, as texts in the order of the reading's columns. */
export interface FeedRow {
  /** Which of the files of the reading, counted from 0. */
  readonly file: number
  readonly line: number
  /** The part of the register that it is of; null where that is not known, of a record that was left out. */
  readonly scope: string | null
  readonly values: readonly (string | null)[]
  /** Whether the record is not taken over: of its values only the key is there, lest its row be missed. */
  readonly leftOut: boolean
  /** Places of values that could not be read: what the table has there stays. */
  readonly kept: readonly number[]
}

const NONE: readonly number[] = []

/** Columns that are made of others, of publications that have these. */
const SEARCHED: readonly Searched[] = [
  { column: 'name_search', of: 'name', form: searchForm },
  { column: 'kana_search', of: 'name_kana', form: searchForm },
  { column: 'address_search', of: 'address', form: addressSearchForm },
]

interface Searched {
  readonly column: string
  readonly of: string
  readonly form: (text: string, prefecture: string) => string
}

/** The columns that a file gives values for. */
export function columnsOf({ columns, publication }: Feed, { places }: Layout): readonly string[] {
  const read = new Set(places.map(({ field }) => field.field))
  const given = Object.keys(columns).filter((column) => {
    const of = columns[column] ?? null
    return of === null || read.has(of)
  })
  if (publication === 'csv') return given
  return [...given, ...SEARCHED.filter(({ of }) => given.includes(of)).map(({ column }) => column)]
}

interface Context {
  readonly feed: Feed
  readonly index: number
  readonly file: string
  readonly layout: Layout
  /** Of the rows, in their order. */
  readonly columns: readonly string[]
  readonly repair: boolean
  readonly findings: Findings
  readonly damage: Damage
}

interface Column {
  readonly column: string
  readonly searched: Searched | undefined
  /** The fields that it is made of. */
  readonly of: readonly string[]
  /** Whether it may be there in part. */
  readonly made: boolean
}

/** Makes rows of the records of one file. */
export class RowMapper {
  readonly #context: Context
  readonly #places: ReadonlyMap<string, Place>
  readonly #columns: readonly Column[]
  /** Places of columns of its form that the file lacks, and another has. */
  readonly #lacking: readonly number[]
  readonly #notes: Notes
  readonly #silent: Notes
  /** Fields of the record that could not be read. */
  readonly #dropped = new Set<string>()
  #record: FeedRecord = { line: 0, texts: [] }

  constructor(context: Context) {
    const { feed, layout, columns, repair, damage } = context
    this.#context = context
    this.#places = new Map(layout.places.map((place) => [place.field.field, place]))
    const searchable = feed.publication === 'csv' ? [] : SEARCHED
    this.#columns = columns.map((column) => {
      const searched = searchable.find((one) => one.column === column)
      const made = feed.made?.[column]
      return { column, searched, of: made ?? [searched?.of ?? column], made: made !== undefined }
    })
    const given = new Set(columnsOf(feed, layout))
    this.#lacking = this.#columns.flatMap(({ column, searched }, index) =>
      !given.has(column) && Object.hasOwn(feed.columns, searched?.of ?? column) ? [index] : [],
    )
    this.#notes = {
      repair,
      reject: (code, field) => {
        this.#noteField(code, field)
        return null
      },
      warn: (code, field) => {
        this.#noteField(code, field)
      },
      drop: (code, field) => {
        this.#noteField(code, field)
        this.#dropped.add(field)
      },
      sign: (sign, field) => {
        damage.see(sign, this.#record.line, this.#textOf(field) ?? '')
      },
    }
    const nothing = (): void => undefined
    this.#silent = { repair, reject: () => null, warn: nothing, drop: nothing, sign: nothing }
  }

  /** A record that is not taken over was noted; null where even its id is not known. */
  row(record: FeedRecord): FeedRow | null {
    const { feed, index, layout } = this.#context
    const { line, texts, problem } = record
    this.#record = record
    this.#dropped.clear()
    if (problem !== undefined) return this.#reject('RECORD_UNREADABLE', problem.message)
    if (isRagged(record, layout)) return this.#reject('RECORD_RAGGED', `${texts.length} : ${layout.width}`)
    const { fields, whole } = this.#fields()
    const completed = whole ? feed.complete(fields, this.#notes) : null
    if (completed === null) return this.#leftOut(fields)
    return { file: index, line, scope: completed.scope, leftOut: false, ...this.#valuesOf(fields, completed) }
  }

  #valuesOf(fields: Fields, { values }: Completed): Pick<FeedRow, 'values' | 'kept'> {
    const valueOf = (column: string): string | null =>
      Object.hasOwn(values, column) ? (values[column] ?? null) : fields.get(column)
    const prefecture = values['prefecture_code'] ?? ''
    const texts = this.#columns.map(({ column, searched }) => {
      if (searched === undefined) return valueOf(column)
      const text = valueOf(searched.of)
      return text === null ? null : searched.form(text, prefecture)
    })
    return { values: texts, kept: this.#dropped.size === 0 ? this.#lacking : this.#kept(texts) }
  }

  /** What a field does not tell, others may. */
  #kept(texts: FeedRow['values']): readonly number[] {
    const unread = this.#columns.flatMap(({ of, made }, index) =>
      of.some((field) => this.#dropped.has(field)) && (made || texts[index] === null) ? [index] : [],
    )
    return [...this.#lacking, ...unread]
  }

  #leftOut(fields: Fields): FeedRow | null {
    const { feed, index, layout } = this.#context
    const known = feed.known(fields, this.#silent)
    if (known === null) return null
    const placed = !layout.places.some(({ field }) => field.places === true && this.#dropped.has(field.field))
    return {
      ...{ file: index, line: this.#record.line, scope: placed ? known.scope : null },
      values: this.#columns.map(({ column }) => known.values[column] ?? null),
      ...{ leftOut: true, kept: NONE },
    }
  }

  /** The fields, and whether the record can do with them. */
  #fields(): { readonly fields: Fields; readonly whole: boolean } {
    const { places } = this.#context.layout
    let whole = true
    const values: (string | null)[] = []
    for (const { field, index, header } of places) {
      const text = this.#record.texts[index] ?? ''
      const { value, fault } = readField(field, text)
      values[index] = value
      if (fault === undefined) continue
      if (whole) this.#note(fault, header, text)
      if (fault !== 'VALUE_DROPPED') whole = false
      this.#dropped.add(field.field)
    }
    const get = (field: string): string | null => {
      const place = this.#places.get(field)
      return place === undefined ? null : (values[place.index] ?? null)
    }
    return { fields: { get }, whole }
  }

  #textOf(field: string): string | undefined {
    const place = this.#places.get(field)
    return place === undefined ? undefined : this.#record.texts[place.index]
  }

  #noteField(code: FindingCode, field: string): void {
    this.#note(code, this.#places.get(field)?.header ?? field, this.#textOf(field) ?? null)
  }

  #reject(code: FindingCode, value: string): null {
    this.#note(code, null, value)
    return null
  }

  #note(code: FindingCode, column: string | null, value: string | null): void {
    this.#context.findings.add({ code, file: this.#context.file, line: this.#record.line, column, value })
  }
}

/** Spreadsheets put empty values behind a record; one that lacks some was cut, or split where it should not be. */
export function isRagged({ texts }: FeedRecord, { width }: Layout): boolean {
  return (
    texts.length < width ||
    (texts.length > width && texts.some((text, index) => index >= width && text !== ''))
  )
}
