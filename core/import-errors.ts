import type { ErrorEntry } from './error-entry.js'
import { EXIT } from './exit-codes.js'

/** What can be wrong with published files, and with imports of them. */
export const IMPORT_ERRORS = {
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
      'The table refuses a row of the files: by a constraint, or because its encoding lacks a character. Nothing was written.',
    remedy:
      'Correct the value where the file is made; a constraint of the table must hold for what is published.',
  },
  IMPORT_FORM_UNKNOWN: {
    exit: EXIT.invalid,
    meaning: 'A published file has none of the forms that are known, or could be of several.',
    remedy:
      'Look at the columns that the message names. Where it is of a known form, say which with --feed NAME: master-sync import --help names them.',
  },
  IMPORT_DAMAGED: {
    exit: EXIT.invalid,
    meaning:
      'A published file was opened in a spreadsheet and saved: ids lost their leading zeros, or became dates or numbers such as 1.23E+12. Other rows would be closed and added in their place, so nothing was taken from it.',
    remedy:
      'Fetch the file anew from where it is published and import it as it is, without opening it in a spreadsheet. Where there is no other: --repair, which puts zeros back in the ids for which that is certain.',
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
      'Compare an id of the message with one of the table. Where the files are meant nevertheless: --other-ids.',
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
