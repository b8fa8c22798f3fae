import type { ErrorEntry } from './error-entry.js'
import { EXIT } from './exit-codes.js'

/** What can be wrong with target lists, with ids that take each other's place, and with published files. */
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
  IMPORT_UNREADABLE: {
    exit: EXIT.invalid,
    meaning: 'A published file is not there, may not be read, or changed while it was read.',
    remedy: 'Check the name, and the rights of the user that reads it.',
  },
  IMPORT_UNREACHABLE: {
    exit: EXIT.unreachable,
    meaning:
      'A published file could not be fetched: its server, or the way to it, does not answer, is too busy, or broke off. Runs try it again for ten minutes. Nothing was taken from it.',
    remedy:
      'Try again later. Where the way leads through a proxy, name that in HTTPS_PROXY, and in NO_PROXY what is reached without it.',
  },
  IMPORT_REFUSED: {
    exit: EXIT.invalid,
    meaning:
      'A published file is not fetched from there: the address holds none, or not that which it names, the file is too large, or the server is not to be trusted. Nothing was taken from it.',
    remedy:
      'Open the address in a browser; then name the file, or the page with links to its dated files. Where a proxy reads what is encrypted, name the certificate of its authority in NODE_EXTRA_CA_CERTS.',
  },
  IMPORT_INVALID: {
    exit: EXIT.invalid,
    meaning:
      'A published file cannot be read whole: it was cut, is damaged, unpacks to more than is read, or is in no encoding that is known. Nothing was taken from it.',
    remedy: 'Fetch the file anew; a CSV of your own is saved as UTF-8.',
  },
  IMPORT_VALUE: {
    exit: EXIT.invalid,
    meaning:
      'A value of the files is none of the type of its column, or the table refuses the row: by a constraint, or because its encoding lacks a character. Nothing was written.',
    remedy:
      'Correct the value where the file is made, or map the column to one that takes it; a constraint of the table must hold for what is published.',
  },
  IMPORT_FORM_UNKNOWN: {
    exit: EXIT.invalid,
    meaning: 'A published file has none of the forms that are known, or could be of several.',
    remedy:
      'Look at the columns that the message names; where it could be of several forms, name the one it is of.',
  },
  IMPORT_DAMAGED: {
    exit: EXIT.invalid,
    meaning:
      'A published file was opened in a spreadsheet and saved: ids lost their leading zeros, or became dates or numbers such as 1.23E+12. Other rows would be closed and added in their place, so nothing was taken from it.',
    remedy:
      'Fetch the file anew from where it is published and import it as it is, without opening it in a spreadsheet. Where there is no other, zeros can be put back in the ids for which that is certain, on request.',
  },
  IMPORT_NOT_SET_UP: {
    exit: EXIT.invalid,
    meaning: 'The on-prem database has no tables for imports.',
    remedy:
      'master-sync setup --with-master, by a role that may create a schema there; or master-sync setup --with-master --print-sql, for a DBA to run.',
  },
  IMPORT_UNDATED: {
    exit: EXIT.invalid,
    meaning:
      'Nothing says of which date the data of a published file is: neither its name nor its mapping. Rows that are not in it could not be closed on any date, nor could older data be told from newer.',
    remedy: 'Say it with --as-of, for example --as-of 2026-06-01.',
  },
  IMPORT_OLDER: {
    exit: EXIT.invalid,
    meaning: 'The table has newer data of this publication than the files. Nothing was written.',
    remedy: 'Import the newest files. Where the older ones are meant to take their place: --force.',
  },
  IMPORT_OTHER_IDS: {
    exit: EXIT.invalid,
    meaning:
      'Hardly any id of the files is one of the table, which has rows of the same part of the register: its ids are those of another publication, or of another form. Every row would be added once more. Nothing was written.',
    remedy:
      'Compare an id of the message with one of the table. Where the files are meant nevertheless: --force.',
  },
  IMPORT_REJECTS: {
    exit: EXIT.invalid,
    meaning: 'More records of the files than the limit allows cannot be taken over. Nothing was written.',
    remedy:
      "Look at the findings: is it the right file, and whole? The limit stands in the master's file: import: guards: rejects.",
  },
  IMPORT_GONE: {
    exit: EXIT.failed,
    meaning:
      'What was read of the files is not there any more: another import of the table was begun since, or the database server crashed meanwhile. Nothing was written.',
    remedy: 'Import the files once more.',
  },
  IMPORT_NOT_UNDONE: {
    exit: EXIT.invalid,
    meaning: 'A run that imported is not taken back as a sync is. Nothing was written.',
    remedy:
      'Import the files before once more: master-sync import FILE… --force. What an import did to a row: master-sync history ID',
  },
  IMPORT_MOVED: {
    exit: EXIT.failed,
    meaning:
      'The on-prem table was changed by others again and again while an import was under way. Nothing was written.',
    remedy: 'Import the files once more, when nobody else writes the table.',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>
