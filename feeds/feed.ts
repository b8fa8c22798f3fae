import type { FindingCode } from '../core/finding.js'

/** A value of a record that is read, and where it stands. */
export interface Field {
  readonly field: string
  /** Its header; the first of several that is there. Of a file without headers: the name that people give to the column. */
  readonly headers: readonly string[]
  /** The column must be there, and hold something in every record. */
  readonly required?: boolean
  /** The column must be there. */
  readonly needed?: boolean
  /** It says which part of the register a record is of: where it cannot be read, the record is not taken over. */
  readonly places?: boolean
  /** The longest that is taken for one, in characters. */
  readonly max?: number
  /** How the text is understood: undefined where it cannot be. Without it, it stays as it is. */
  readonly read?: (text: string) => string | null | undefined
  /** The name of a person: read only if asked. */
  readonly personal?: boolean
}

/** The values of a record; null where the file has nothing, or the field could not be read. */
export interface Fields {
  get(field: string): string | null
}

/** What a record means, once its fields have been read. */
export interface Completed {
  /** Which part of the register the file covers with it. */
  readonly scope: string
  /** Values by column of the master table, beside or in place of the fields of the same name. */
  readonly values: Readonly<Record<string, string | null>>
}

/** What is known of a record that is not taken over. */
export interface Known {
  /** The part of the register that it is of; null where that is not known. */
  readonly scope: string | null
  /** The values of the key, by column of the master table. */
  readonly values: Readonly<Record<string, string>>
}

/** What is said of a record while it is completed. */
export interface Notes {
  /** Whether zeros that were lost are put back. */
  readonly repair: boolean
  /** The record is not taken over. */
  reject(code: FindingCode, field: string): null
  warn(code: FindingCode, field: string): void
  /** The value is not taken over: what the table has there stays. */
  drop(code: FindingCode, field: string): void
  /** A sign of what a spreadsheet did to the file, or that it did not. */
  sign(sign: Sign, field: string): void
}

/** `zero`: a leading zero is gone · `whole`: one is there · `number`, `date`: what an id became. */
export type Sign = 'zero' | 'whole' | 'number' | 'date'

/** One form of file of a publication: what is read, and what that means. */
export interface Feed {
  readonly name: string
  readonly title: { readonly ja: string; readonly en: string }
  /** Files with one meaning of their ids. */
  readonly publication: string
  /** Headers that tell the form, all of them there, and those of others that must not be; or the shape of a line without headers. */
  readonly recognise: Headers | Shape
  readonly fields: readonly Field[]
  /** The columns of the master table that it fills, each with the field without which a file has nothing for it, if there is one. */
  readonly columns: Readonly<Record<string, string | null>>
  /** Columns that are made of several fields, or stand only together: what one of these cannot tell stays as it is. */
  readonly made?: Readonly<Record<string, readonly string[]>>
  /** Headers that are known and not read. */
  readonly passes?: RegExp
  /** Whether a facility may have several records, one behind the other, of which one is kept. */
  readonly folds?: boolean
  /** Whether what is not in a file is gone: not so where only some of a part are listed. */
  readonly covers?: false
  /** Null where the record was rejected. */
  readonly complete: (fields: Fields, notes: Notes) => Completed | null
  /** What is known of a record that was rejected, lest its row be missed; null where its id is not certain. */
  readonly known: (fields: Fields, notes: Notes) => Known | null
}

interface Headers {
  readonly kind: 'headers'
  readonly has: readonly string[]
  readonly lacks?: readonly string[]
}

interface Shape {
  readonly kind: 'shape'
  readonly fits: (texts: readonly string[]) => boolean
}

/** A form of file that is known, and holds nothing for the table. */
export interface Declined {
  readonly title: Feed['title']
  readonly has: readonly string[]
}
