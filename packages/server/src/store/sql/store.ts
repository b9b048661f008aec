import { Problem, Snapshot } from '@sallyport/core'
import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import { SerialQueue } from '../database/serial-queue.ts'
import { TurnQueue } from '../database/turn-queue.ts'
import { changesAfter, headRevision, pruneChanges } from '../feed/changes.ts'
import { feedSnapshot } from '../feed/snapshot.ts'
import { loadInThreads } from '../feed/snapshot-threads.ts'
import { migrate, requireMigrated } from '../migrations/migrate.ts'
import { writeTooLate } from '../database/write-turn.ts'
import type { AuditSigning } from '../port/audit/audit-signing.ts'
import type { FeedSource, LoadedSnapshot, SnapshotOptions } from '../port/feed.ts'
import type { GatewayAttachments } from '../port/fleet/attachments.ts'
import type { GatewayEnrolments } from '../port/fleet/enrolments.ts'
import type { GatewayLeases } from '../port/gateways.ts'
import type { MasterKeyCheck } from '../port/master-key-check.ts'
import type { UnfinishedImport } from '../port/keys/imports.ts'
import type { RunState, ScheduleId, ScheduleRunRow } from '../port/schedule-runs.ts'
import type { UsageLimits, UsageRow } from '../port/usage.ts'
import type { OwnerMailQueues } from '../port/people/owner-mail-queues.ts'
import type { WebhookQueues } from '../port/webhooks/webhook-queues.ts'
import type { Committed, Reader, Store, WriteOwner, Writer } from '../port/store.ts'
import type { Backend } from './backend.ts'
import { auditSigning } from '../processes/audit-signing.ts'
import { gatewayAttachments } from '../processes/fleet/attachments.ts'
import { gatewayEnrolments } from '../processes/fleet/enrolments.ts'
import { gatewayLeases } from '../processes/gateways.ts'
import { masterKeyCheck } from '../processes/master-key-check.ts'
import { ownerMailQueues } from '../processes/owner-mail-queues.ts'
import { webhookQueues } from '../processes/webhook-queues.ts'
import { FEEDS, readerOf } from './registry.ts'
import {
  abandonScheduleRun,
  askScheduleRunToEnd,
  beatScheduleRun,
  claimScheduleRun,
  finishScheduleRun,
  pruneScheduleRuns,
} from './schedule-runs.ts'
import { unfinishedImports } from './keys/imports.ts'
import { recordKeyUses } from './key-lists/last-uses.ts'
import { addSecretSources } from './usage/secret-sources.ts'
import { addSecretUsage, recordExternalUses } from './usage/secret-usage.ts'
import { addRequestCounts } from './usage/usage-counts.ts'
import { foldUsage, logUsage } from './usage/usage-log.ts'
import { noteReport } from './usage/usage-reports.ts'
import { pruneUsage } from './usage/usage-retention.ts'
import { type QueuedWrite, WriteGroups } from './write-groups.ts'

/** Writes of this process that may wait: some seconds' worth. */
const WRITES_WAITING_MAX = 10_000
/** Usage reports that may wait. Each gateway sends one per second. */
const USAGE_WAITING_MAX = 100
/** Counts that are added to the sums at once. More of them are logged, and folded with later ones of the same keys. */
const ADDED_AT_ONCE_MAX = 64
/** Claims and results of schedule runs that may wait: far more than the runs that go on at once. */
const RUNS_WAITING_MAX = 1_000
/**
 * How long a write may take from its arrival to its commit, unless the store is opened with another limit. The response
 * to its request must be sent within 15 s.
 */
const WRITE_MS_MAX = 14_000
/**
 * How much of that time a write must have left when its turn comes, in ms and as a part of it. It commits together with others,
 * and none of them can be taken back alone once it waits for the commit.
 */
const RESERVE_MS_MAX = 1_000
const RESERVE_PART = 0.1

export interface SqlStoreOptions {
  /** The clock for the times of changes, in ms since 1970. */
  readonly nowMs: () => number
  /** How long a write may take from its arrival to its commit; 14 s unless given. */
  readonly writeMsMax?: number | undefined
  /** Whether missing migrations are an error instead of being run, for a process beside a server; false unless given. */
  readonly mustBeMigrated?: boolean | undefined
}

const monotonicMs = (): number => performance.now()

/** A table with more rows is read by threads, which take a fifth of a second to start. */
const ROWS_OF_THREADS = 50_000

async function loadSnapshot(backend: Backend, options: SnapshotOptions): Promise<LoadedSnapshot> {
  if (await isLarge(backend.reader)) {
    const loaded = await loadInThreads(backend.source, options)
    if (loaded !== undefined) return loaded
  }
  return await backend.readConsistently(async (db) => {
    const { revision, hash, records } = await feedSnapshot(db, FEEDS)
    return { hash, snapshot: await Snapshot.load(revision, records, options) }
  })
}

async function isLarge(db: Database): Promise<boolean> {
  for (const table of ['keys', 'consumers'] as const) {
    const row = await db.selectFrom(table).select('id').offset(ROWS_OF_THREADS).limit(1).executeTakeFirst()
    if (row !== undefined) return true
  }
  return false
}

/** The store over either database. */
class SqlStore implements Store {
  readonly read: Reader
  readonly feed: FeedSource
  readonly gateways: GatewayLeases
  readonly enrolments: GatewayEnrolments
  readonly attachments: GatewayAttachments
  readonly masterKeyCheck: MasterKeyCheck
  readonly auditSigning: AuditSigning
  readonly webhookQueues: WebhookQueues
  readonly ownerMailQueues: OwnerMailQueues
  readonly #backend: Backend
  readonly #nowMs: () => number
  readonly #writeMsMax: number
  readonly #groups: WriteGroups
  readonly #writes: TurnQueue<QueuedWrite>
  readonly #usage = new SerialQueue(USAGE_WAITING_MAX, monotonicMs)
  readonly #runs = new SerialQueue(RUNS_WAITING_MAX, monotonicMs)
  readonly #wakes = new Set<() => void>()

  constructor(backend: Backend, { nowMs, writeMsMax = WRITE_MS_MAX }: SqlStoreOptions) {
    this.#backend = backend
    this.#nowMs = nowMs
    this.#writeMsMax = writeMsMax
    this.#groups = new WriteGroups(backend, nowMs, monotonicMs, () => {
      for (const wake of this.#wakes) wake()
    })
    this.#writes = new TurnQueue(WRITES_WAITING_MAX, monotonicMs, (first, next) =>
      this.#groups.serve(first, next),
    )
    this.read = readerOf(backend.reader)
    this.gateways = gatewayLeases(backend.counter)
    this.enrolments = gatewayEnrolments(backend.reader, backend.counter)
    this.attachments = gatewayAttachments(backend.reader, backend.counter, backend.jsonRows)
    this.masterKeyCheck = masterKeyCheck(backend.counter)
    this.auditSigning = auditSigning(backend.reader, backend.counter)
    this.webhookQueues = webhookQueues(backend.reader, backend.counter)
    this.ownerMailQueues = ownerMailQueues(backend.reader, backend.counter)
    this.feed = {
      readSnapshot: (use) => backend.readConsistently(async (db) => await use(await feedSnapshot(db, FEEDS))),
      loadSnapshot: (options) => loadSnapshot(backend, options),
      head: () => headRevision(backend.reader),
      changesAfter: (revision, limit, hash) => changesAfter(backend.reader, revision, limit, hash),
      prune: (beforeMs, keptMax) => this.#count((tx) => pruneChanges(tx, beforeMs, keptMax)),
      onChange: (wake) => this.#onChange(wake),
    }
  }

  async write<T>(work: (tx: Writer) => Promise<T>, by?: WriteOwner): Promise<Committed<T>> {
    const { turn } = this.#backend
    // What the server does by itself can be large, too.
    const write: QueuedWrite = { work, mayShare: by !== undefined && by.isLarge !== true }
    const atMs = monotonicMs() + this.#writeMsMax
    const committed = await this.#writes.run(
      write,
      {
        atMs,
        startAtMs: atMs - Math.min(RESERVE_MS_MAX, this.#writeMsMax * RESERVE_PART),
        refusal: (isRunning) => (isRunning ? turn.refusal() : writeTooLate()),
        onLate: () => this.#groups.isLate(write),
      },
      by && { organization: by.organization, pipeline: by.actor },
    )
    return committed as Committed<T>
  }

  async addUsage(rows: Parameters<Store['addUsage']>[0]): Promise<void> {
    if (rows.length === 0) return
    await this.#count((tx) => this.#addCounts(tx, rows))
  }

  async receiveUsage(...[rows, report]: Parameters<Store['receiveUsage']>): Promise<void> {
    if (rows.length === 0) return
    await this.#count(async (tx) => {
      const nowMs = this.#nowMs()
      if (report !== undefined && !(await noteReport(tx, report, nowMs))) return
      if (rows.length <= ADDED_AT_ONCE_MAX) await this.#addCounts(tx, rows)
      else await logUsage(tx, rows, nowMs)
    })
  }

  async foldUsage(signal?: AbortSignal): Promise<void> {
    await foldUsage({
      reader: this.#backend.reader,
      transact: (work) => this.#count(work),
      add: (tx, rows) => this.#addCounts(tx, rows),
      nowMs: this.#nowMs(),
      signal,
    })
  }

  async #addCounts(tx: Database, rows: readonly UsageRow[]): Promise<void> {
    const { jsonRows } = this.#backend
    await addRequestCounts(tx, rows, jsonRows)
    await addSecretUsage(tx, rows, jsonRows)
    await recordExternalUses(tx, rows, jsonRows)
    await addSecretSources(tx, rows, this.#backend)
    await recordKeyUses(tx, rows, jsonRows)
  }

  async #count<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    return await this.#usage.run(() => this.#backend.counter.transaction().execute(work))
  }

  async pruneUsage(nowMs: number, limits: UsageLimits): Promise<void> {
    await pruneUsage((work) => this.#count(work), nowMs, limits, this.#backend.locksRows)
  }

  async claimRun(row: ScheduleRunRow): Promise<boolean> {
    try {
      return await this.#writeRun((tx) => claimScheduleRun(tx, row))
    } catch (error) {
      // The environment or the pipeline has been removed, so there is nothing to run.
      if (error instanceof Problem && error.code === 'conflict') return false
      throw error
    }
  }

  async finishRun(row: ScheduleRunRow): Promise<void> {
    await this.#writeRun((tx) => finishScheduleRun(tx, row))
  }

  async beatRun(schedule: ScheduleId, dueAtMs: number): Promise<RunState> {
    return await this.#writeRun((tx) => beatScheduleRun(tx, schedule, dueAtMs))
  }

  async askRunToEnd(schedule: ScheduleId, dueAtMs: number): Promise<void> {
    await this.#writeRun((tx) => askScheduleRunToEnd(tx, schedule, dueAtMs))
  }

  async abandonRun(...[schedule, run]: Parameters<Store['abandonRun']>): Promise<void> {
    await this.#writeRun((tx) => abandonScheduleRun(tx, schedule, run))
  }

  async pruneRuns(beforeMs: number): Promise<void> {
    await this.#writeRun((tx) => pruneScheduleRuns(tx, beforeMs))
  }

  async #writeRun<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    return await this.#runs.run(() => this.#backend.counter.transaction().execute(work))
  }

  async unfinishedImports(limit: number): Promise<readonly UnfinishedImport[]> {
    return await unfinishedImports(this.#backend.reader, limit)
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.#backend.reader)
  }

  #onChange(wake: () => void): () => void {
    // A new function per call, because two listeners may pass the same one.
    const own = (): void => wake()
    this.#wakes.add(own)
    const endAnnounced = this.#backend.onAnnounced(own)
    return () => {
      this.#wakes.delete(own)
      endAnnounced()
    }
  }

  /** Waits for the queued writes, then closes the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#wakes.clear()
    await Promise.all([this.#writes.idle(), this.#usage.idle(), this.#runs.idle()])
    await this.#backend[Symbol.asyncDispose]()
  }
}

/**
 * Migrates the database, or checks that it is migrated, and makes a store of it. The store owns the backend from here on and disposes of it; a failed
 * call disposes of it at once.
 */
export async function sqlStore(backend: Backend, options: SqlStoreOptions): Promise<Store> {
  try {
    if (options.mustBeMigrated === true) await requireMigrated(backend.reader)
    else await migrate(backend.migrator, backend.columnTypes, options.nowMs)
    return new SqlStore(backend, options)
  } catch (error) {
    await backend[Symbol.asyncDispose]()
    throw error
  }
}
