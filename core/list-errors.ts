import type { ErrorEntry } from './error-entry.js'
import { EXIT } from './exit-codes.js'

/** What can be wrong with target lists, and with ids that take each other's place. */
export const LIST_ERRORS = {
  ID_REPLACES_ITSELF: {
    exit: EXIT.invalid,
    meaning: 'An id is to be replaced by itself.',
    remedy: 'Name the old id first, then the new one: master-sync targets replace OLD NEW',
  },
  ID_REPLACED: {
    exit: EXIT.invalid,
    meaning: 'An id that is to take the place of another was itself replaced.',
    remedy:
      'Name the id that has taken its place, which the message says; or list it again first: master-sync targets add ID',
  },
  ID_STILL_LISTED: {
    exit: EXIT.look,
    meaning: 'Ids that were replaced are still on the target list.',
    remedy: 'Take them off: in the lists that name them, or with master-sync targets remove ID',
  },
  LIST_INVALID: {
    exit: EXIT.invalid,
    meaning:
      'A target list has something at the named place that cannot be read exactly. Nothing was taken from it.',
    remedy: 'Mend the place named in the message: line and column, or row and column of the sheet.',
  },
  LIST_UNREADABLE: {
    exit: EXIT.invalid,
    meaning: 'A target list is not there, may not be read or written, or changed while it was read.',
    remedy: 'Check the name, and the rights of the user or role that reads it.',
  },
  LIST_UNREACHABLE: {
    exit: EXIT.unreachable,
    meaning:
      'A target list cannot be read or written now: the server of the object or table does not answer, is busy, or broke off, or somebody else changed it meanwhile.',
    remedy: 'It may pass by itself: try again in a while.',
  },
  LIST_AMONG_MASTERS: {
    exit: EXIT.invalid,
    meaning:
      'A list was to be written as YAML into the folder of the masters, where each YAML file is read as that of a master: no command would work any more. Nothing was written.',
    remedy:
      'Write it into a folder below, as in: master-sync targets export masters/lists/sales.yaml; or as .csv or .xlsx.',
  },
  LIST_REFUSED: {
    exit: EXIT.invalid,
    meaning:
      'A target list has entries that a person should look at, and was to be taken over only without. Nothing was taken from it.',
    remedy: 'Mend the places named in the message, or take it over without --strict.',
  },
  LIST_DAMAGED: {
    exit: EXIT.invalid,
    meaning:
      'Ids of a list that the source has are gone from it, and others stand there in their place that differ in leading zeros, width, case or hyphens alone, which the source lacks. Nothing was taken from the list.',
    remedy:
      'Write the ids as the source has them; in a spreadsheet, format the column as text first. If it is meant: master-sync targets apply URI',
  },
  LIST_CHANGED: {
    exit: EXIT.invalid,
    meaning:
      'While a person looked at what a target list would change, that became something else. Nothing was taken from it.',
    remedy: 'Look at it again: master-sync targets apply URI',
  },
  NOTE_NOT_KEPT: {
    exit: EXIT.invalid,
    meaning: 'A list without a table on-prem keeps notes only where the master says so. Nothing was added.',
    remedy: 'Leave out --note, or set targets: notes: true in the file of the master.',
  },
  LIST_URI_INVALID: {
    exit: EXIT.invalid,
    meaning: 'That is not the name of a target list.',
    remedy:
      'Name a file (.yaml, .yml, .csv, .xlsx), s3://BUCKET/KEY with such an ending, or dynamodb://TABLE.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>
