import { formatKey, parseKey, type Key } from '../core/ids.js'
import type { Master } from '../core/master.js'
import type { ChangedTarget, ListedTarget } from '../core/results.js'
import { readTable } from '../db/catalog.js'
import { checkValues, demand } from '../db/checks.js'
import { presentKeys, suggest } from '../db/missing.js'
import { named } from '../db/read-layout.js'
import { READ_COMMITTED, transaction, type Session } from '../db/session.js'
import {
  addTarget,
  keyColumns,
  listTargets,
  removeTarget,
  targetTable,
  type TargetTable,
} from '../targets/table.js'
import type { App } from './app.js'

export function targets(app: App, master: Master): Promise<readonly ListedTarget[]> {
  return app.onSource(master, async (source) => {
    const entries = await listTargets(source, await openTable(source, master))
    return entries.map(({ key, note }) => ({ id: formatKey(key), note }))
  })
}

/** Adds ids as typed, all or none; those that the source lacks are added all the same, and reported. */
export function addTargets(
  app: App,
  master: Master,
  ids: readonly string[],
  note: string | null,
): Promise<readonly ChangedTarget[]> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return app.onSource(master, async (source) => {
    const table = await openTable(source, master)
    await checkValues(source, table.key, keys)
    const columns = table.key.map((column) => column.name)
    const noted = note !== null && table.hasNote ? ['note'] : []
    await demand(source, table.shape.table, 'insert', [...columns, ...noted])
    if (noted.length > 0) await demand(source, table.shape.table, 'update', noted)
    const known = await lookUp(source, master, keys)
    return transaction(source, READ_COMMITTED, async () => {
      const changed: ChangedTarget[] = []
      for (const key of keys) {
        const result = await addTarget(source, table, { key, note })
        const id = formatKey(key)
        changed.push({
          id,
          result,
          in_source: known.present.has(id),
          did_you_mean: known.meant.get(id) ?? null,
        })
      }
      return changed
    })
  })
}

export function removeTargets(
  app: App,
  master: Master,
  ids: readonly string[],
): Promise<readonly ChangedTarget[]> {
  const keys = ids.map((id) => parseKey(id, master.source.key))
  return app.onSource(master, async (source) => {
    const table = await openTable(source, master)
    await demand(source, table.shape.table, 'delete', [])
    return transaction(source, READ_COMMITTED, async () => {
      const changed: ChangedTarget[] = []
      for (const key of keys) {
        changed.push({
          id: formatKey(key),
          result: await removeTarget(source, table, key),
          in_source: null,
          did_you_mean: null,
        })
      }
      return changed
    })
  })
}

async function openTable(source: Session, master: Master): Promise<TargetTable> {
  return targetTable(await readTable(source, 'target list', named(master.targets.table)), master.source.key)
}

/** Which of the keys the source has, and what was probably meant by the others. */
async function lookUp(session: Session, master: Master, keys: readonly Key[]) {
  const shape = await readTable(session, 'source', named(master.source.table))
  const source = { table: shape.table, key: keyColumns(shape, master.source.key) }
  const present = new Set((await presentKeys(session, source, keys)).map(formatKey))
  const absent = keys.filter((key) => !present.has(formatKey(key)))
  return { present, meant: await suggest(session, source, absent) }
}
