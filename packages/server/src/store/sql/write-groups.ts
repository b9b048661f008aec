import type { Problem } from '@sallyport/core'
import type { QueryExecutor } from 'kysely'
import { GuardedConnection } from '../database/guarded-driver.ts'
import type { Database } from '../database/schema.ts'
import { databaseOn, TransactionPart } from '../database/transaction-part.ts'
import type { TakeNext, Turn } from '../database/turn-queue.ts'
import { WriteRecorder } from '../database/write-recorder.ts'
import { writeTooLate } from '../database/write-turn.ts'
import { appendChange, headPosition } from '../feed/changes.ts'
import { type RemovedCounters, StagedChange, type StagedRow } from '../feed/staged-change.ts'
import { recordsOf } from '../feed/staged-records.ts'
import type { AuditEntry, AuditHead } from '../port/audit-events.ts'
import type { FeedPosition } from '../port/feed.ts'
import type { Committed, Writer } from '../port/store.ts'
import { appendAudit, type AuditHeads } from './audit-events.ts'
import type { Backend } from './backend.ts'
import { indexKeys, type LastUse, writeLastUses } from './key-lists/index-keys.ts'
import { wakeOwnerMails } from './owner-mail-queues.ts'
import { UNAUDITED_TABLES, writerOf } from './registry.ts'
import { removeCounters } from './usage/removed-counters.ts'
import { wakeQueues } from './webhooks/webhook-queues.ts'

/** Writes of one transaction at most. PostgreSQL has room for 64 savepoints per connection where other sessions read fast. */
const WRITES_MAX = 32
/** How long after its first write others may join a transaction: that one waits for their statements, too. */
const JOIN_MS_MAX = 50

/** A write that waits for its turn. */
export interface QueuedWrite {
  readonly work: (tx: Writer) => Promise<unknown>
  /** Whether it shares a transaction with others. */
  readonly mayShare: boolean
}

/** A write whose statements are done, and that waits for the commit. */
interface Done {
  readonly turn: Turn<QueuedWrite>
  readonly committed: Committed<unknown>
  readonly auditEntries: readonly AuditEntry[]
  readonly lastUses: readonly LastUse[]
  readonly removedCounters: RemovedCounters
  /** Whether gateways receive it. */
  readonly isNewRevision: boolean
}

/** A transaction and what it has done so far. */
interface Group {
  readonly connection: GuardedConnection
  readonly executor: QueryExecutor
  readonly done: Done[]
  /** The newest events of audit logs that it has written to. */
  readonly auditHeads: Map<string, AuditHead>
  /** The newest change; undefined until it is needed. */
  head: FeedPosition | undefined
}

/**
 * Runs writes in groups: writes that wait follow each other in one transaction, each in a part of its own, with one lock, one
 * commit and one announcement for all. Each has its own revision and audit records; one that fails is taken back alone. None
 * is answered before the commit, and if that fails, none was done.
 */
export class WriteGroups {
  readonly #backend: Backend
  readonly #nowMs: () => number
  readonly #monotonicMs: () => number
  readonly #onNewRevision: () => void
  /** The write whose statements run. */
  #running: QueuedWrite | undefined
  /** The writes that wait for the commit. */
  #done: Done[] = []
  /** Rejects when the transaction cannot be committed in time. */
  #lost = Promise.withResolvers<never>()
  /** Why all writes of the transaction are refused; undefined while they are not. */
  #refusal: Problem | undefined

  /** @param onNewRevision called after each commit that gateways receive */
  constructor(backend: Backend, nowMs: () => number, monotonicMs: () => number, onNewRevision: () => void) {
    this.#backend = backend
    this.#nowMs = nowMs
    this.#monotonicMs = monotonicMs
    this.#onNewRevision = onNewRevision
  }

  /** Serves a write, and those after it that join its transaction. */
  async serve(first: Turn<QueuedWrite>, next: TakeNext<QueuedWrite>): Promise<void> {
    const { turn, writer } = this.#backend
    this.#done = []
    this.#lost = Promise.withResolvers<never>()
    // Most transactions are not lost, and then nothing else handles this rejection.
    this.#lost.promise.catch(() => undefined)
    this.#refusal = undefined
    this.#running = first.job
    turn.start(first.deadlineMs)
    try {
      await writer.transaction().execute(async (tx) => {
        const executor = tx.getExecutor()
        await executor.provideConnection(async (connection) => {
          if (!(connection instanceof GuardedConnection)) throw new Error('The connection is not guarded')
          const group = { connection, executor, done: this.#done, auditHeads: new Map(), head: undefined }
          await this.#runAll(group, first, next)
          await this.#finish(group)
        })
      })
      // Also after a late commit, which is announced although its caller was refused.
      if (this.#done.some(({ isNewRevision }) => isNewRevision)) this.#onNewRevision()
      for (const each of this.#done) each.turn.resolve(each.committed)
    } catch (error) {
      // What a connection that was cut says is not the reason.
      const reason = this.#refusal ?? error
      first.reject(reason)
      for (const each of this.#done) each.turn.reject(reason)
    } finally {
      this.#running = undefined
      turn.end()
    }
  }

  /**
   * Has a write end that is late. One that runs is taken back alone, if others wait for the commit. These cannot be taken back:
   * when one of them is late, all are refused.
   */
  isLate(write: QueuedWrite): void {
    if (write === this.#running && this.#done.length > 0) return
    const { turn } = this.#backend
    this.#refusal ??= turn.refusal()
    this.#lost.reject(this.#refusal)
    turn.cut()
  }

  async #runAll(group: Group, first: Turn<QueuedWrite>, next: TakeNext<QueuedWrite>): Promise<void> {
    await this.#runPart(group, first)
    const untilMs = this.#monotonicMs() + JOIN_MS_MAX
    for (let writes = 1; first.job.mayShare && writes < WRITES_MAX; writes += 1) {
      if (this.#monotonicMs() >= untilMs) return
      const follower = await next(({ mayShare }) => mayShare)
      if (follower === undefined) return
      this.#backend.turn.join(follower.deadlineMs)
      await this.#runPart(group, follower)
    }
  }

  /** Runs a write, and takes it back if it fails. @throws when the transaction is lost */
  async #runPart(group: Group, turn: Turn<QueuedWrite>): Promise<void> {
    const isFirst = group.done.length === 0
    const part = new TransactionPart(group.connection, group.executor, isFirst)
    this.#running = turn.job
    try {
      const made = this.#make(group, part.db, turn.job)
      const { auditHeads, head, ...done } = await Promise.race([made, turn.late, this.#lost.promise])
      await part.end()
      // The work may have blocked the event loop, so that no timer has fired.
      if (this.#monotonicMs() >= turn.deadlineMs) throw writeTooLate()
      group.done.push({ turn, ...done })
      for (const [organization, newest] of auditHeads) group.auditHeads.set(organization, newest)
      group.head = head
    } catch (error) {
      turn.reject(error)
      part.close()
      if (isFirst) throw error
      this.#backend.turn.leave()
      await part.rollBack()
    } finally {
      this.#running = undefined
    }
  }

  /** Does all that belongs to one write, as if the next one began after its commit. */
  async #make(
    group: Group,
    db: Database,
    { work }: QueuedWrite,
  ): Promise<Omit<Done, 'turn'> & { readonly auditHeads: AuditHeads; readonly head: FeedPosition }> {
    const { jsonRows } = this.#backend
    const staged = new StagedChange()
    const recorder = new WriteRecorder(UNAUDITED_TABLES)
    const value = await work(writerOf(db.withPlugin(recorder), staged, jsonRows))
    const { rows, auditEntries, removedCounters } = staged
    if (recorder.hasWritten && auditEntries.length === 0) {
      throw new Error('A transaction wrote an entity without an audit record')
    }
    const isNewRevision = rows.length > 0
    const [auditHeads, head, lastUses] = await Promise.all([
      appendAudit(db, auditEntries, jsonRows, group.auditHeads),
      this.#appendChange(db, group.head, rows),
      indexKeys(db, rows, jsonRows),
    ])
    const committed = { value, revision: head.revision }
    return { committed, auditEntries, lastUses, removedCounters, isNewRevision, auditHeads, head }
  }

  /** @returns the newest change after it */
  async #appendChange(
    db: Database,
    known: FeedPosition | undefined,
    rows: readonly StagedRow[],
  ): Promise<FeedPosition> {
    const [head, records] = await Promise.all([known ?? headPosition(db), recordsOf(db, rows)])
    return records.length === 0 ? head : await appendChange(db, head, records, this.#nowMs())
  }

  /** Does what is left to do once for all writes of a transaction. */
  async #finish({ connection, executor, done }: Group): Promise<void> {
    const { jsonRows } = this.#backend
    const db = databaseOn(connection, executor)
    const entries = done.flatMap(({ auditEntries }) => auditEntries)
    const lastUses = done.flatMap((each) => each.lastUses)
    const removed = done.map(({ removedCounters }) => removedCounters)
    const newest = done.findLast(({ isNewRevision }) => isNewRevision)
    await removeCounters(db, removed, this.#backend)
    await Promise.all([
      wakeQueues(db, entries),
      wakeOwnerMails(db, entries),
      writeLastUses(db, lastUses, jsonRows),
      newest && this.#backend.announce(db, newest.committed.revision),
    ])
  }
}
