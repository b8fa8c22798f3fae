import {
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type RawBuilder,
  type SchemaMetadata,
  type TableMetadata,
} from 'kysely'
import { LEDGER_SCHEMA } from './ledger.js'
import { inlineValues } from './session.js'

/** A statement as text that runs by itself. */
export function sqlText(statement: RawBuilder<unknown>): string {
  return inlineValues(statement.compile(recorder([])))
}

/** The statements of `work`, as texts, none of them run: what is asked of the database is answered with no rows. */
export async function record(work: (db: Kysely<unknown>) => Promise<unknown>): Promise<readonly string[]> {
  const statements: string[] = []
  await work(recorder(statements))
  return statements
}

/** The migrator's lock is a matter of the session that migrates. */
class UnlockedAdapter extends PostgresAdapter {
  override acquireMigrationLock(): Promise<void> {
    return Promise.resolve()
  }

  override releaseMigrationLock(): Promise<void> {
    return Promise.resolve()
  }
}

class EmptyDatabase extends PostgresIntrospector {
  /** The ledger's schema is made by a statement of its own, before the migrator asks. */
  override getSchemas(): Promise<SchemaMetadata[]> {
    return Promise.resolve([{ name: LEDGER_SCHEMA }])
  }

  override getTables(): Promise<TableMetadata[]> {
    return Promise.resolve([])
  }
}

function recorder(statements: string[]): Kysely<unknown> {
  const nothing = (): Promise<void> => Promise.resolve()
  const connection: DatabaseConnection = {
    executeQuery: (query: CompiledQuery) => {
      // What is only looked up leaves no trace.
      if (query.query.kind !== 'SelectQueryNode') statements.push(inlineValues(query))
      return Promise.resolve({ rows: [] })
    },
    streamQuery: () => {
      throw new Error('a recorded statement gives no rows')
    },
  }
  const driver: Driver = {
    init: nothing,
    acquireConnection: () => Promise.resolve(connection),
    beginTransaction: nothing,
    commitTransaction: nothing,
    rollbackTransaction: nothing,
    releaseConnection: nothing,
    destroy: nothing,
  }
  return new Kysely<unknown>({
    dialect: {
      createAdapter: () => new UnlockedAdapter(),
      createDriver: () => driver,
      createIntrospector: (db) => new EmptyDatabase(db),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  })
}
