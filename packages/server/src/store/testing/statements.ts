import {
  CompiledQuery,
  createQueryId,
  type KyselyPlugin,
  type RootOperationNode,
  SqliteAdapter,
} from 'kysely'
import type { Database } from '../database/schema.ts'
import type { Backend } from '../sql/backend.ts'

/** A database that remembers its queries. */
export interface Statements {
  readonly db: Database
  /** How the database reads each of the queries since the last call. */
  plans(): Promise<readonly string[]>
}

/** Remembers the queries of a connection, to ask how the database reads them. */
export function statementsOf({ reader }: Pick<Backend, 'reader'>): Statements {
  let queries: RootOperationNode[] = []
  const plugin: KyselyPlugin = {
    transformQuery({ node }) {
      queries.push(node)
      return node
    },
    transformResult: async ({ result }) => await Promise.resolve(result),
  }
  const executor = reader.getExecutor()
  const explain = executor.adapter instanceof SqliteAdapter ? 'explain query plan' : 'explain'
  return {
    db: reader.withPlugin(plugin),
    async plans() {
      const asked = queries
      queries = []
      const plans: string[] = []
      for (const node of asked) {
        const { sql: text, parameters } = executor.compileQuery(node, createQueryId())
        const { rows } = await reader.executeQuery<Record<string, string>>(
          CompiledQuery.raw(`${explain} ${text}`, [...parameters]),
        )
        plans.push(`${text}\n${rows.map((row) => row['QUERY PLAN'] ?? row['detail'] ?? '').join('\n')}`)
      }
      return plans
    },
  }
}
