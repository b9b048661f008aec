import { parentPort, workerData } from 'node:worker_threads'
import { lowerThreadPriority } from '../../priority/thread-priority.ts'
import { openConnection } from './connection.ts'
import { StatementCache } from './statement-cache.ts'
import type { StatementAnswer, StatementError, StatementRequest } from './database-thread.ts'

// The program of the thread that `DatabaseThread` starts: it runs one statement after the other, and answers each.

if (parentPort === null) throw new Error('This file is the program of a thread')
const port = parentPort
const answer = (message: StatementAnswer): void => port.postMessage(message)

function describe(error: unknown): StatementError {
  const { message, code, errcode, errstr } = error as Error & Record<string, unknown>
  return { message, code, errcode, errstr }
}

function run(database: StatementCache, { sql, parameters }: StatementRequest): StatementAnswer {
  const statement = database.prepare(sql)
  if (statement.reader) return { rows: statement.all(parameters) }
  const { changes, lastInsertRowid } = statement.run(parameters)
  return { rows: [], insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes) }
}

lowerThreadPriority()
try {
  const database = new StatementCache(openConnection(workerData as string, false))
  port.on('message', (request: StatementRequest | 'close') => {
    if (request === 'close') {
      database.close()
      port.close()
      return
    }
    try {
      answer(run(database, request))
    } catch (error) {
      answer({ error: describe(error) })
    }
  })
  answer({ rows: [] })
} catch (error) {
  answer({ error: describe(error) })
}
