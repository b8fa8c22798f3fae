/** How published files are to be read. */
export interface ReadingOptions {
  /** The form of the files, where they do not tell. */
  readonly feed?: string
  /** Whether zeros that a spreadsheet took are put back where that is certain. */
  readonly repair?: boolean
  /** The date of the data, `2026-06-01`, in place of the one in the file's name. */
  readonly asOf?: string
  /** Older data may take the place of newer. */
  readonly forced?: boolean
  /** Ids that the table has not are added although hardly any other of the files is there. */
  readonly otherIds?: boolean
}
