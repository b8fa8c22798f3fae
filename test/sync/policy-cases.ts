/*
 * The design's table of column policies, written out by hand. Every row of the table `orgs` is one situation, every
 * column one policy. Source and cloud hold '1' after the first run; before the second the source may get '2', and
 * people in the cloud write '9'.
 */

export const POLICIES = ['overwrite', 'keep_edits', 'fill_empty', 'insert_only', 'exclude'] as const
type Policy = (typeof POLICIES)[number]

type Text = string | null

/** What a cell comes to. */
interface Cell {
  /** As a sentence goes on. */
  readonly does: string
  readonly value: Text
  /** The source's value that is remembered; undefined: none is. */
  readonly base?: Text
  readonly conflict?: { readonly base: Text; readonly source: Text; readonly cloud: Text }
}

export interface Situation {
  readonly id: string
  readonly when: string
  /** What happens to all columns of the row between the first and the second run. */
  readonly source?: Text
  readonly cloud?: Text
  /** What else happens to the row in the cloud. */
  readonly row?: 'deleted' | 'born'
  readonly locked?: true
  /** It is unlocked before a third run. */
  readonly unlocked?: true
  readonly cells: Readonly<Record<Policy, Cell>>
}

const STAYS = 'leaves it to the cloud'
const TAKES = "takes the source's value"
const NEVER = 'never takes a value from the source'

export const SITUATIONS: readonly Situation[] = [
  {
    id: 'source-changed',
    when: 'the source changed',
    source: '2',
    cells: {
      overwrite: { does: TAKES, value: '2' },
      keep_edits: { does: TAKES, value: '2', base: '2' },
      fill_empty: { does: 'leaves what the cloud has', value: '1', base: '2' },
      insert_only: { does: 'leaves what the row was inserted with', value: '1' },
      exclude: { does: NEVER, value: null },
    },
  },
  {
    id: 'cloud-changed',
    when: 'the cloud changed',
    cloud: '9',
    cells: {
      overwrite: { does: 'takes it back', value: '1' },
      keep_edits: { does: 'keeps the edit', value: '9', base: '1' },
      fill_empty: { does: 'keeps the edit', value: '9', base: '1' },
      insert_only: { does: STAYS, value: '9' },
      exclude: { does: STAYS, value: '9' },
    },
  },
  {
    id: 'both-changed',
    when: 'both changed to different values',
    source: '2',
    cloud: '9',
    cells: {
      overwrite: { does: TAKES, value: '2' },
      keep_edits: {
        does: 'keeps the edit and records a conflict',
        value: '9',
        base: '2',
        conflict: { base: '1', source: '2', cloud: '9' },
      },
      fill_empty: { does: 'keeps the edit', value: '9', base: '2' },
      insert_only: { does: STAYS, value: '9' },
      exclude: { does: STAYS, value: '9' },
    },
  },
  {
    id: 'both-alike',
    when: 'both changed to the same value',
    source: '2',
    cloud: '2',
    cells: {
      overwrite: { does: 'has nothing to do', value: '2' },
      keep_edits: { does: 'takes it as agreed', value: '2', base: '2' },
      fill_empty: { does: 'has nothing to fill', value: '2', base: '2' },
      insert_only: { does: STAYS, value: '2' },
      exclude: { does: STAYS, value: '2' },
    },
  },
  {
    id: 'cloud-null',
    when: 'the cloud changed to null',
    cloud: null,
    cells: {
      overwrite: { does: 'takes it back', value: '1' },
      keep_edits: { does: 'keeps it null: that is an edit too', value: null, base: '1' },
      fill_empty: { does: 'fills it again', value: '1', base: '1' },
      insert_only: { does: STAYS, value: null },
      exclude: { does: STAYS, value: null },
    },
  },
  {
    id: 'cloud-empty',
    when: 'the cloud changed to an empty text',
    cloud: '',
    cells: {
      overwrite: { does: 'takes it back', value: '1' },
      keep_edits: { does: 'keeps it empty: that is an edit too', value: '', base: '1' },
      fill_empty: { does: 'fills it again', value: '1', base: '1' },
      insert_only: { does: STAYS, value: '' },
      exclude: { does: STAYS, value: '' },
    },
  },
  {
    id: 'source-null',
    when: 'the source changed to null',
    source: null,
    cells: {
      overwrite: { does: TAKES, value: null },
      keep_edits: { does: TAKES, value: null, base: null },
      fill_empty: { does: 'leaves what the cloud has', value: '1', base: null },
      insert_only: { does: 'leaves what the row was inserted with', value: '1' },
      exclude: { does: NEVER, value: null },
    },
  },
  {
    id: 'cloud-born',
    when: 'the row was inserted by the cloud, and is listed now',
    row: 'born',
    cells: {
      overwrite: { does: TAKES, value: '1' },
      keep_edits: { does: 'keeps what the cloud has, without a conflict', value: '9', base: '1' },
      fill_empty: { does: 'keeps what the cloud has', value: '9', base: '1' },
      insert_only: { does: 'leaves a row alone that is there', value: '9' },
      exclude: { does: STAYS, value: '9' },
    },
  },
  {
    id: 'cloud-deleted',
    when: 'the row was deleted by the cloud',
    source: '2',
    row: 'deleted',
    cells: {
      overwrite: { does: "comes back with the source's value", value: '2' },
      keep_edits: { does: "comes back with the source's value", value: '2', base: '2' },
      fill_empty: { does: "comes back with the source's value", value: '2', base: '2' },
      insert_only: { does: "comes back with the source's value: the row is new", value: '2' },
      exclude: { does: NEVER, value: null },
    },
  },
  {
    id: 'locked',
    when: 'the row is locked, and both changed',
    source: '2',
    cloud: '9',
    locked: true,
    cells: {
      overwrite: { does: 'is not written', value: '9' },
      keep_edits: { does: 'is not written, and no conflict is recorded', value: '9', base: '1' },
      fill_empty: { does: 'is not written', value: '9', base: '1' },
      insert_only: { does: STAYS, value: '9' },
      exclude: { does: STAYS, value: '9' },
    },
  },
  {
    id: 'locked-empty',
    when: 'the row is locked, and the cloud changed to null',
    source: '2',
    cloud: null,
    locked: true,
    cells: {
      overwrite: { does: 'is not written', value: null },
      keep_edits: { does: 'is not written', value: null, base: '1' },
      fill_empty: { does: 'is not filled', value: null, base: '1' },
      insert_only: { does: STAYS, value: null },
      exclude: { does: STAYS, value: null },
    },
  },
  {
    id: 'unlocked',
    when: 'the row is unlocked after the source changed',
    source: '2',
    unlocked: true,
    cells: {
      overwrite: { does: 'takes what it had declined', value: '2' },
      keep_edits: { does: 'takes what it had declined', value: '2', base: '2' },
      fill_empty: { does: 'leaves what the cloud has', value: '1', base: '2' },
      insert_only: { does: 'leaves what the row was inserted with', value: '1' },
      exclude: { does: NEVER, value: null },
    },
  },
  {
    id: 'unlocked-edited',
    when: 'the row is unlocked after both changed',
    source: '2',
    cloud: '9',
    unlocked: true,
    cells: {
      overwrite: { does: TAKES, value: '2' },
      keep_edits: {
        does: 'keeps the edit and records a conflict with what both had before',
        value: '9',
        base: '2',
        conflict: { base: '1', source: '2', cloud: '9' },
      },
      fill_empty: { does: 'keeps the edit', value: '9', base: '2' },
      insert_only: { does: STAYS, value: '9' },
      exclude: { does: STAYS, value: '9' },
    },
  },
]
