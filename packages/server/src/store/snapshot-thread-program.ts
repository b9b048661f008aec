import { parentPort, workerData } from 'node:worker_threads'
import { RowWriter, type WrittenBatch } from '@sallyport/core'
import { lowerThreadPriority } from '../priority/thread-priority.ts'
import type { Database } from './database/schema.ts'
import { headPosition } from './feed/changes.ts'
import { feedSnapshot } from './feed/snapshot.ts'
import {
  isInPart,
  type ReadingMessage,
  type ReadingOrder,
  type ReadingRequest,
} from './feed/snapshot-threads.ts'
import { openPostgresReader } from './postgres/open.ts'
import { FEEDS } from './sql/registry.ts'
import { openSqliteReader } from './sqlite/open.ts'

// The program of a thread that `loadInThreads` starts: it reads a part of a snapshot and hands it over as rows.

if (parentPort === null) throw new Error('This file is the program of a thread')
const port = parentPort
const { source, writer, seed, part } = workerData as ReadingOrder
const say = (message: ReadingMessage): void => port.postMessage(message)

let answer = Promise.withResolvers<ReadingRequest>()
port.on('message', (request: ReadingRequest) => answer.resolve(request))

async function asked(): Promise<ReadingRequest> {
  const request = await answer.promise
  answer = Promise.withResolvers<ReadingRequest>()
  return request
}

function hand(batch: WrittenBatch | undefined): void {
  if (batch !== undefined) say({ batch })
}

async function read(db: Database): Promise<void> {
  const rows = new RowWriter(writer, seed)
  const { records } = await feedSnapshot(
    db,
    FEEDS.filter(({ kind }) => isInPart(kind, part)),
  )
  for await (const batch of records) {
    for (const record of batch) rows.add(record)
    hand(rows.take())
  }
  hand(rows.finish())
}

lowerThreadPriority()
try {
  await using reader =
    source.kind === 'sqlite' ? openSqliteReader(source.file) : openPostgresReader(source.url)
  let request = await asked()
  while (request === 'begin') {
    request = await reader.readConsistently(async (db) => {
      // The first query decides what the transaction sees.
      say({ position: await headPosition(db) })
      const next = await asked()
      if (next === 'read') await read(db)
      return next
    })
  }
  say('end')
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) })
} finally {
  port.close()
}
