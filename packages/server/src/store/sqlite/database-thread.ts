import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { CompiledQuery, type DatabaseConnection, type Driver, type QueryResult } from 'kysely'
import type { ConnectionTurns } from './connection-turns.ts'

/** What the thread is asked to do. */
export interface StatementRequest {
  readonly sql: string
  readonly parameters: readonly unknown[]
}

/** A SQLite error as plain data: the copy that a thread sends of an Error has only its message. */
export interface StatementError {
  readonly message: string
  readonly code: unknown
  readonly errcode: unknown
  readonly errstr: unknown
}

export type StatementAnswer = QueryResult<unknown> | { readonly error: StatementError }

/**
 * The connection that writes. It runs in a thread of its own, because a commit waits for the disk, and requests to the
 * gateway must not wait with it. Statements run in the order of the calls.
 */
export class DatabaseThread implements DatabaseConnection {
  readonly #thread: Worker
  /** The calls without an answer, in order. */
  readonly #waiting: PromiseWithResolvers<QueryResult<unknown>>[] = []

  private constructor(thread: Worker) {
    this.#thread = thread
    thread.on('message', (answer: StatementAnswer) => this.#answered(answer))
  }

  /** @throws SQLite's errors */
  static async open(file: string): Promise<DatabaseThread> {
    // Flags of this process are not for the thread: a preloaded module would run there again.
    const thread = new Worker(new URL('./database-thread-program.ts', import.meta.url), {
      workerData: file,
      execArgv: [],
    })
    const [opened] = (await once(thread, 'message')) as [StatementAnswer]
    if (!('error' in opened)) return new DatabaseThread(thread)
    await thread.terminate()
    throw errorOf(opened.error)
  }

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const call = Promise.withResolvers<QueryResult<unknown>>()
    const request: StatementRequest = { sql, parameters }
    // Throws for a parameter that cannot be copied, which then gets no answer.
    this.#thread.postMessage(request)
    this.#waiting.push(call)
    return (await call.promise) as QueryResult<R>
  }

  streamQuery(): never {
    throw new Error('The connection that writes does not stream')
  }

  /** Closes the connection after the statements that were asked for. */
  async close(): Promise<void> {
    const ended = once(this.#thread, 'exit')
    this.#thread.postMessage('close')
    await ended
  }

  #answered(answer: StatementAnswer): void {
    const call = this.#waiting.shift()
    if ('error' in answer) call?.reject(errorOf(answer.error))
    else call?.resolve(answer)
  }
}

function errorOf({ message, ...facts }: StatementError): Error {
  return Object.assign(new Error(message), facts)
}

/**
 * Kysely's driver over the connection that writes. Drivers over one connection share its turns.
 *
 * @param waitMsMax how long a transaction may wait for its turn
 */
export function threadDriver(thread: DatabaseThread, turns: ConnectionTurns, waitMsMax = Infinity): Driver {
  const execute = async (statement: string): Promise<void> => {
    await thread.executeQuery(CompiledQuery.raw(statement))
  }
  return {
    init: async () => undefined,
    async acquireConnection() {
      await turns.take(waitMsMax)
      return thread
    },
    beginTransaction: () => execute('begin'),
    commitTransaction: () => execute('commit'),
    rollbackTransaction: () => execute('rollback'),
    releaseConnection: async () => turns.give(),
    destroy: () => thread.close(),
  }
}
