import type { ErrorEntry } from './error-entry.js'
import { CONSOLE_ERRORS } from './console-errors.js'
import { EXIT } from './exit-codes.js'
import { IMPORT_ERRORS } from './import-errors.js'
import { LIST_ERRORS } from './list-errors.js'

export { EXIT, type ExitCode } from './exit-codes.js'

/** Every error that a person may meet. The codes are stable: scripts and runbooks may rely on them. */
export const ERRORS = {
  USAGE: {
    exit: EXIT.usage,
    meaning: 'The command line does not say something the command understands.',
    remedy: 'Run the command with --help.',
  },
  OPTION_INVALID: {
    exit: EXIT.invalid,
    meaning: 'An environment variable is missing or has a value that cannot be used.',
    remedy: 'Set the variable named in the message and start again.',
  },
  MASTER_FILE_INVALID: {
    exit: EXIT.invalid,
    meaning: "A master's file is not valid YAML or does not describe a master.",
    remedy: 'Mend the places named in the message.',
  },
  MASTER_UNKNOWN: {
    exit: EXIT.invalid,
    meaning: 'No file in the masters folder has that name.',
    remedy: 'Use one of the names listed, or add its file.',
  },
  ID_INVALID: {
    exit: EXIT.invalid,
    meaning: 'An id cannot be a key of this master.',
    remedy: 'Write the id as it stands in the source; where the key has several columns, as one CSV record.',
  },
  ID_UNKNOWN: {
    exit: EXIT.invalid,
    meaning: 'An id is neither on the target list nor kept in the cloud by the sync.',
    remedy: 'Check the id, or add it first: master-sync targets add ID',
  },
  ...LIST_ERRORS,
  ...IMPORT_ERRORS,
  ...CONSOLE_ERRORS,
  RUN_UNKNOWN: {
    exit: EXIT.invalid,
    meaning: 'No run has that number, or it is not one that the command can act on.',
    remedy: 'See the numbers with: master-sync runs',
  },
  SCHEDULE_MISSING: {
    exit: EXIT.invalid,
    meaning: 'The master has no schedule in Temporal.',
    remedy: 'Create it with: master-sync schedule apply',
  },
  SCHEDULE_ELSEWHERE: {
    exit: EXIT.invalid,
    meaning: "The master's schedule in this namespace belongs to another installation.",
    remedy:
      'Give each pair of databases a TEMPORAL_NAMESPACE of its own. Where the other installation is gone, or the ledger was made anew: master-sync schedule remove, then schedule apply.',
  },
  WORKER_ELSEWHERE: {
    exit: EXIT.failed,
    meaning: 'The worker that took the run works on another cloud database; nothing was done.',
    remedy:
      'Give each pair of databases a TASK_QUEUE and a TEMPORAL_NAMESPACE of its own, the same for its commands and its workers. Where the ledger was made anew: master-sync schedule apply.',
  },
  DATABASE_UNREACHABLE: {
    exit: EXIT.unreachable,
    meaning: 'A database does not answer.',
    remedy:
      'Check that the server runs, that the host and port in the URL are right, and that a firewall lets them through.',
  },
  STATEMENT_TOO_SLOW: {
    exit: EXIT.failed,
    meaning: 'A statement took longer than a run may wait for one.',
    remedy:
      'Raise LEASE_SECONDS, or lower SEGMENT_ROWS; see whether the source has the indexes that the key and the list need.',
  },
  DATABASE_REFUSED: {
    exit: EXIT.unreachable,
    meaning: 'A database answers but does not let us in: wrong password, role or database name.',
    remedy: 'Check the user, password and database in the URL, and pg_hba.conf on the server.',
  },
  TEMPORAL_UNREACHABLE: {
    exit: EXIT.unreachable,
    meaning: 'The Temporal server does not answer or refuses us.',
    remedy: 'Check TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, and that the server runs.',
  },
  NOT_SET_UP: {
    exit: EXIT.invalid,
    meaning: 'The cloud database lacks the schema master_sync, or has it in an older form.',
    remedy: 'Run: master-sync setup',
  },
  SERVER_TOO_OLD: {
    exit: EXIT.invalid,
    meaning: 'A PostgreSQL server is older than 12.',
    remedy: 'Upgrade the server to PostgreSQL 12 or newer.',
  },
  CLOUD_ENCODING: {
    exit: EXIT.invalid,
    meaning: 'The cloud database is not in UTF-8.',
    remedy: "Create the cloud database with encoding 'UTF8'.",
  },
  TABLE_MISSING: {
    exit: EXIT.invalid,
    meaning: 'A table that the master names does not exist, or the role may not see it.',
    remedy: "Check the name in the master's file.",
  },
  COLUMN_MISSING: {
    exit: EXIT.invalid,
    meaning: 'A column that the master needs does not exist.',
    remedy: "Add the column, or change the master's file.",
  },
  COLUMN_REQUIRED: {
    exit: EXIT.invalid,
    meaning: 'A column of the cloud table must have a value that the source cannot give.',
    remedy: 'Give the column a default or let it be null.',
  },
  COLUMN_TYPE_DIFFERS: {
    exit: EXIT.invalid,
    meaning: 'A column has types on the two sides between which values would not stay the same.',
    remedy: 'Give the cloud column the type of the source.',
  },
  COLUMN_TAKEN: {
    exit: EXIT.invalid,
    meaning: 'The source has a column of the name that the sync uses in the cloud table for itself.',
    remedy: 'Leave the column out with source: exclude.',
  },
  COLUMN_GENERATED: {
    exit: EXIT.invalid,
    meaning: 'A column that the source has too is numbered by the cloud itself, which lets nobody change it.',
    remedy: 'Let the cloud column be set: alter table … alter column … set generated by default;',
  },
  TYPE_MISSING: {
    exit: EXIT.invalid,
    meaning: 'The cloud lacks a type that the source table uses and that setup cannot create.',
    remedy: 'Create the type in the cloud database.',
  },
  KEY_NOT_UNIQUE: {
    exit: EXIT.invalid,
    meaning: 'The key does not identify one row: there is no unique index on it, or it occurs twice.',
    remedy: 'Create a unique index on exactly the key columns.',
  },
  KEY_TYPE: {
    exit: EXIT.invalid,
    meaning: 'A key column is neither text, integer nor uuid.',
    remedy: 'Use a key of text, integer or uuid columns.',
  },
  PERMISSION_DENIED: {
    exit: EXIT.invalid,
    meaning: 'A role lacks a permission that the sync needs.',
    remedy: 'Grant it, as the message says. All that each role needs: master-sync setup --print-sql',
  },
  HASHES_DISAGREE: {
    exit: EXIT.failed,
    meaning: 'The two servers hash the same values differently, so a comparison could not be trusted.',
    remedy:
      'Compare versions, encodings and settings of both servers; report the type that the message names.',
  },
  QUESTION_CLOSED: {
    exit: EXIT.invalid,
    meaning: 'The run asks nothing (any more): it was answered, has expired, or a later run asks otherwise.',
    remedy: 'See what is asked now: master-sync runs',
  },
  APPROVER_IS_STARTER: {
    exit: EXIT.invalid,
    meaning: 'The master asks that someone else approves than who starts a run.',
    remedy: 'Let another person run it; OPERATOR says who that is, without it the name of the user.',
  },
  CONFLICT_UNKNOWN: {
    exit: EXIT.invalid,
    meaning: 'There is no such conflict to decide.',
    remedy: 'See them with: master-sync conflicts list',
  },
  VALUE_INVALID: {
    exit: EXIT.invalid,
    meaning: 'The column cannot hold the value.',
    remedy: 'Write the value as the column would show it.',
  },
  UNDO_IMPOSSIBLE: {
    exit: EXIT.invalid,
    meaning:
      'The run cannot be taken back: it wrote nothing, is under way, or its changes are not remembered any more.',
    remedy: 'See what it did: master-sync runs RUN. How long changes are remembered: history: keep.',
  },
  REJECTS_EXCEEDED: {
    exit: EXIT.failed,
    meaning: 'The cloud refused more rows than guards: rejects: allows.',
    remedy: 'Look at the refusals: master-sync runs RUN',
  },
  LEASE_HELD: {
    exit: EXIT.failed,
    meaning: 'Another run of this master is under way; this one waits for it.',
    remedy: 'Nothing: it goes on by itself. To see the other run: master-sync runs',
  },
  ON_HOLD: {
    exit: EXIT.failed,
    meaning: 'The master was put on hold while the run was under way; what it had written stays.',
    remedy: 'See why: master-sync schedule status. To end it: master-sync schedule resume',
  },
  LEASE_LOST: {
    exit: EXIT.failed,
    meaning:
      'Another run took over while this one was not heard of; what it was about to write was not written.',
    remedy: 'Nothing: the run queues again.',
  },
  CHECKPOINT_MOVED: {
    exit: EXIT.failed,
    meaning: 'The same step was done by another attempt; this one wrote nothing.',
    remedy: 'Nothing: the other attempt goes on.',
  },
  SOURCE_UNCONVERTIBLE: {
    exit: EXIT.failed,
    meaning: 'A source that is not in UTF-8 holds a key with a character that has no Unicode form.',
    remedy: 'Mend the key in the source, or take it off the list.',
  },
  STATEMENT_REFUSED: {
    exit: EXIT.failed,
    meaning: 'A database refused a statement for a reason that a person must mend.',
    remedy: 'See the SQLSTATE and the message of the server.',
  },
  PORT_TAKEN: {
    exit: EXIT.invalid,
    meaning: 'Another process listens on the port that the worker or the console is to open.',
    remedy: 'Give HEALTH_PORT or CONSOLE_PORT another value, or end the other process.',
  },
  WEBHOOK_UNREACHABLE: {
    exit: EXIT.look,
    meaning:
      'The webhook that is told of runs does not answer, or is out of order. The run itself is not affected.',
    remedy: 'Check the host in WEBHOOK_URL, and that a firewall lets the worker through.',
  },
  WEBHOOK_REFUSED: {
    exit: EXIT.look,
    meaning: 'The webhook that is told of runs refuses the message. The run itself is not affected.',
    remedy: 'Check WEBHOOK_URL and WEBHOOK_FORM; the chat may have withdrawn the address.',
  },
  LOCAL_PART_MISSING: {
    exit: EXIT.unexpected,
    meaning: 'A part of the system on one machine could not be found or started.',
    remedy: 'See the message for the ways to provide it.',
  },
  OPTION_UNKNOWN: {
    exit: EXIT.look,
    meaning: 'An environment variable looks like one of ours, but nothing reads it.',
    remedy: 'Correct its name, or unset it.',
  },
  CLOUD_READ_ONLY: {
    exit: EXIT.look,
    meaning: 'The cloud database takes no writes: a standby, or set to read only.',
    remedy: 'Let the URL lead to the primary server.',
  },
  CLOCKS_DIFFER: {
    exit: EXIT.look,
    meaning: "A database server's clock and this machine's tell different times.",
    remedy: 'Let both machines keep time, for instance: timedatectl set-ntp true',
  },
  CONNECTIONS_SHORT: {
    exit: EXIT.look,
    meaning: 'A database server may not have as many connections left as a worker opens.',
    remedy: 'Raise the limit that the message names, or lower WORKER_SLOTS.',
  },
  INDEX_MISSING: {
    exit: EXIT.look,
    meaning: 'A large table is read whole, again and again, for want of an index.',
    remedy: 'Create the index.',
  },
  WORKER_MISSING: {
    exit: EXIT.look,
    meaning: 'No worker takes work from the task queue: runs that are started wait.',
    remedy: 'Start one: master-sync worker',
  },
  SCHEDULE_DIFFERS: {
    exit: EXIT.look,
    meaning: "The schedule in Temporal is not what the master's file says.",
    remedy: 'Bring it up to date: master-sync schedule apply',
  },
  SCHEDULE_PAUSED: {
    exit: EXIT.look,
    meaning: 'The schedule is paused: it starts no runs.',
    remedy: 'Start it again: master-sync schedule resume',
  },
  SCHEDULE_LEFT_OVER: {
    exit: EXIT.look,
    meaning: 'Temporal has a schedule that no master file asks for; it goes on starting runs.',
    remedy: 'Delete it, or bring the file back.',
  },
  RUNS_SKIPPED: {
    exit: EXIT.look,
    meaning: 'Scheduled runs are left out, because an earlier one is still under way.',
    remedy: 'See what it waits for: master-sync runs',
  },
  RUNS_MISSED: {
    exit: EXIT.look,
    meaning: 'Scheduled runs did not start in time, and no run has started since.',
    remedy: 'Run now: master-sync start-sync',
  },
  LAST_RUN_FAILED: {
    exit: EXIT.look,
    meaning: 'The last run failed; what it says must be mended before the next can pass.',
    remedy: 'See it with: master-sync runs RUN',
  },
  RUN_ABANDONED: {
    exit: EXIT.look,
    meaning: 'The ledger has a run as under way that Temporal has not.',
    remedy: 'Close it: master-sync cancel RUN',
  },
  NEVER_SYNCED: {
    exit: EXIT.look,
    meaning: 'No run of the master has completed yet: the cloud has no copy.',
    remedy: 'Run it: master-sync start-sync',
  },
  COPY_OLD: {
    exit: EXIT.look,
    meaning: 'The copy is older than two intervals of its schedule.',
    remedy: 'Run now: master-sync start-sync',
  },
  IMPORT_LATE: {
    exit: EXIT.look,
    meaning:
      'Newer data than was imported should have been published by now, by the calendar of those who do.',
    remedy:
      'Look at the page of the publication: where the files are there, import them: master-sync import FILE…; else wait.',
  },
  NOT_EQUAL: {
    exit: EXIT.look,
    meaning: 'The last proof found rows that differ.',
    remedy: 'See which: master-sync runs RUN. Then run again: master-sync start-sync',
  },
  ROWS_REJECTED: {
    exit: EXIT.look,
    meaning: 'The cloud refuses rows of the master at present; each run tries them again.',
    remedy: 'See which, and why: master-sync runs RUN',
  },
  APPROVAL_AWAITED: {
    exit: EXIT.look,
    meaning: 'A run held back a part of its changes, and waits for a person to approve or reject it.',
    remedy: 'See what it is: master-sync runs RUN; then master-sync approve RUN or master-sync reject RUN',
  },
  QUESTION_REJECTED: {
    exit: EXIT.look,
    meaning: 'What a person rejected is still so: runs go on holding it, and exit 4.',
    remedy: 'Mend the source or the list; or do it all the same: master-sync start-sync --approve',
  },
  MASTER_ON_HOLD: {
    exit: EXIT.look,
    meaning: 'The master is on hold: its runs write nothing until a person ends it.',
    remedy: 'End it: master-sync schedule resume, or a run with master-sync start-sync --approve',
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>

export type ErrorCode = keyof typeof ERRORS
