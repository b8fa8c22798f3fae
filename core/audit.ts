/**
 * What was changed in the web pages: ids, numbers and names of columns. What stands in a row, and notes, are nobody's
 * business here.
 */
export interface AuditDetail {
  /** Rows or ids; of many the first, with how many there are in all. */
  readonly ids?: readonly string[]
  readonly total?: number
  /** The run that was started or decided, or the execution in Temporal that is to become one. */
  readonly run?: number
  readonly workflow?: string
  readonly mode?: string
  readonly column?: string
  /** Which side was taken. */
  readonly take?: 'source' | 'cloud' | 'value'
  readonly counts?: Readonly<Record<string, number>>
  /** What was decided for which reason, in the words of who decided. */
  readonly reason?: string
}

/** A change, and who made it. */
export interface AuditedChange {
  readonly who: string
  readonly role: string
  readonly master: string
  readonly what: string
  readonly detail: AuditDetail
}

export interface AuditEntry extends AuditedChange {
  readonly id: string
  /** ISO 8601 */
  readonly at: string
}
