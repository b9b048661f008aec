import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { openConnection } from './connection.ts'
import { StatementCache } from './statement-cache.ts'
import type { StatementAnswer, StatementError, StatementRequest } from './database-thread.ts'

// The program of the thread that `DatabaseThread` starts: it runs one statement after the other, and answers each.

if (parentPort === null) throw new Error('This file is the program of a thread')
const port = parentPort
const answer = (message: StatementAnswer): void => port.postMessage(message)

/** Below the priority of the thread that serves requests. A statement is short, so it is hardly later. */
const NICENESS = 5

/** Only on Linux, where each thread has a priority of its own. */
function lowerPriority(): void {
  try {
    const [thread] = /\d+$/.exec(readlinkSync('/proc/thread-self')) ?? []
    setPriority(Number(thread), NICENESS)
  } catch {
    // Another system.
  }
}

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

lowerPriority()
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
