import type { ImportChapter } from '../core/history.js'
import type { Key } from '../core/ids.js'
import type { Master } from '../core/master.js'
import { formatTableName } from '../core/table-name.js'
import { readTable } from '../db/catalog.js'
import { asKeyOf } from '../db/checks.js'
import { readImportChanges, type StoredChange } from '../db/import-history.js'
import { named } from '../db/read-layout.js'
import type { App } from './app.js'

/**
 * What imports did to the row of the source, oldest first: read there, and kept nowhere else; null where the source does
 * not tell.
 * @param ledger whose numbers of runs are told
 */
export async function importChapters(
  app: App,
  master: Master,
  typed: Key,
  ledger: string,
): Promise<readonly ImportChapter[] | null> {
  const stored = await app
    .onSource(master, async (source) => {
      const { table, columns } = await readTable(source, 'source', named(master.source.table))
      const key = master.source.key.flatMap((name) => columns.filter((one) => one.name === name))
      return readImportChanges(source, formatTableName(table), asKeyOf(key, typed), ledger)
    })
    // What the cloud knows of the row is told while the source is away.
    .catch(() => undefined)
  return stored?.map(toChapter) ?? null
}

function toChapter({ before, after, at, ...change }: StoredChange): ImportChapter {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])
  return {
    ...change,
    at: at.toISOString(),
    columns: [...names]
      .sort()
      .map((column) => ({ column, from: before?.[column] ?? null, to: after?.[column] ?? null })),
  }
}
