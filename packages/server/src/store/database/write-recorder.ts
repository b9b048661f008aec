import {
  DeleteQueryNode,
  InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryResult,
  type RootOperationNode,
  SelectQueryNode,
  TableNode,
  type UnknownRow,
  UpdateQueryNode,
} from 'kysely'

function targetOf(statement: RootOperationNode): OperationNode | undefined {
  if (InsertQueryNode.is(statement)) return statement.into
  if (UpdateQueryNode.is(statement)) return statement.table
  if (DeleteQueryNode.is(statement)) return statement.from.froms[0]
  return undefined
}

/**
 * Records whether a transaction has written to a table that is not exempt. Any statement other than a plain select
 * counts, including one that changes no row, so that a new statement cannot escape the check.
 */
export class WriteRecorder implements KyselyPlugin {
  readonly #exemptTables: ReadonlySet<string>
  #hasWritten = false

  constructor(exemptTables: ReadonlySet<string>) {
    this.#exemptTables = exemptTables
  }

  get hasWritten(): boolean {
    return this.#hasWritten
  }

  transformQuery({ node }: PluginTransformQueryArgs): RootOperationNode {
    const target = targetOf(node)
    const isExempt =
      target !== undefined && TableNode.is(target) && this.#exemptTables.has(target.table.identifier.name)
    if (!SelectQueryNode.is(node) && !isExempt) this.#hasWritten = true
    return node
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result
  }
}
