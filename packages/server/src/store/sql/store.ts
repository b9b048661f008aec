import { Problem } from '@sallyport/core'
import { sql } from 'kysely'
import { migrate } from '../migrations/migrate.ts'
import type { FeedSource } from '../port/feed.ts'
import type { ScheduleRunRow } from '../port/schedule-runs.ts'
import type { Committed, Reader, Store, Writer } from '../port/store.ts'
import { Turns } from '../database/turns.ts'
import { appendAudit, auditReader } from './audit-events.ts'
import type { Backend } from './backend.ts'
import type { Database } from '../database/schema.ts'
import { basicCredentialReader, basicCredentialWriter } from './basic-credentials.ts'
import { appendChange, changesAfter, headRevision, pruneChanges } from '../feed/changes.ts'
import { consumerReader, consumerWriter } from './consumers.ts'
import { deploymentReader, deploymentWriter } from './deployments.ts'
import { environmentSecretReader, environmentSecretWriter } from './secrets.ts'
import { environmentReader, environmentWriter } from './environments.ts'
import { idempotencyReader, idempotencyWriter } from './idempotent-answers.ts'
import { issuerReader, issuerWriter } from './issuers.ts'
import { keyReader, keyWriter } from './keys.ts'
import { organizationReader, organizationWriter } from './organizations.ts'
import { pipelineReader, pipelineWriter } from './pipelines.ts'
import { policyReader, policyWriter } from './policies.ts'
import { probeReader, probeWriter } from './probes.ts'
import { projectReader, projectWriter } from './projects.ts'
import { claimScheduleRun, finishScheduleRun, pruneScheduleRuns, scheduleRunReader } from './schedule-runs.ts'
import { addSecretUsage } from './secret-usage.ts'
import { signingKeyReader, signingKeyWriter } from './signing-keys.ts'
import { feedSnapshot } from '../feed/snapshot.ts'
import { StagedChange } from '../feed/staged-change.ts'
import { recordsOf } from '../feed/staged-records.ts'

/** How many writes of this process may wait for their turn: some seconds' worth. */
const WRITES_WAITING_MAX = 10_000
/** How many reports of use may wait; each gateway sends one a second. */
const USAGE_WAITING_MAX = 100
/** How many notes on runs of schedules may wait: far more than runs go on at a time. */
const RUNS_WAITING_MAX = 1_000
/** The longest that a write may hold its turn: everybody else is waiting for it. */
const WRITE_MS_MAX = 15_000

function readerOf(db: Database): Reader {
  return {
    organizations: organizationReader(db),
    environments: environmentReader(db),
    projects: projectReader(db),
    pipelines: pipelineReader(db),
    policies: policyReader(db),
    deployments: deploymentReader(db),
    consumers: consumerReader(db),
    keys: keyReader(db),
    signingKeys: signingKeyReader(db),
    issuers: issuerReader(db),
    environmentSecrets: environmentSecretReader(db),
    basicCredentials: basicCredentialReader(db),
    probes: probeReader(db),
    scheduleRuns: scheduleRunReader(db),
    audit: auditReader(db),
    idempotency: idempotencyReader(db),
  }
}

function writerOf(tx: Database, staged: StagedChange): Writer {
  return {
    organizations: organizationWriter(tx, staged),
    environments: environmentWriter(tx, staged),
    projects: projectWriter(tx),
    pipelines: pipelineWriter(tx, staged),
    policies: policyWriter(tx),
    deployments: deploymentWriter(tx, staged),
    consumers: consumerWriter(tx, staged),
    keys: keyWriter(tx, staged),
    signingKeys: signingKeyWriter(tx, staged),
    issuers: issuerWriter(tx, staged),
    environmentSecrets: environmentSecretWriter(tx, staged),
    basicCredentials: basicCredentialWriter(tx, staged),
    probes: probeWriter(tx),
    idempotency: idempotencyWriter(tx),
    audit: (entry) => staged.record(entry),
  }
}

/** Settles as `work` does, or with a Problem `unavailable` when that takes longer than a write may. */
async function withinTurn<T>(work: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    late.reject(new Problem('unavailable', { cause: new Error('A write held its turn for too long') }))
  }, WRITE_MS_MAX)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}

/** The repositories over any database, as one store. */
class SqlStore implements Store {
  readonly read: Reader
  readonly feed: FeedSource
  readonly #backend: Backend
  readonly #nowMs: () => number
  readonly #writes = new Turns(WRITES_WAITING_MAX)
  readonly #usage = new Turns(USAGE_WAITING_MAX)
  readonly #runs = new Turns(RUNS_WAITING_MAX)
  readonly #wakes = new Set<() => void>()

  constructor(backend: Backend, nowMs: () => number) {
    this.#backend = backend
    this.#nowMs = nowMs
    this.read = readerOf(backend.reader)
    this.feed = {
      readSnapshot: (use) => backend.readMoment(async (db) => await use(await feedSnapshot(db))),
      head: () => headRevision(backend.reader),
      changesAfter: (revision, limit) => changesAfter(backend.reader, revision, limit),
      prune: (beforeMs) =>
        this.#usage.take(() => backend.counter.transaction().execute((tx) => pruneChanges(tx, beforeMs))),
      onChange: (wake) => this.#onChange(wake),
    }
  }

  async write<T>(work: (tx: Writer) => Promise<T>): Promise<Committed<T>> {
    const { told, ...committed } = await this.#writes.take(() =>
      this.#backend.writer.transaction().execute(async (tx) => {
        const staged = new StagedChange()
        const value = await withinTurn(work(writerOf(tx, staged)))
        await appendAudit(tx, staged.audit)
        const { things } = staged
        if (things.length === 0) return { value, revision: await headRevision(tx), told: false }
        if (staged.audit.length === 0)
          throw new Error('A change for gateways was made without an audit record')
        const revision = await appendChange(tx, await recordsOf(tx, things), this.#nowMs())
        await this.#backend.announce(tx, revision)
        return { value, revision, told: true }
      }),
    )
    if (told) for (const wake of this.#wakes) wake()
    return committed
  }

  async addUsage(rows: Parameters<Store['addUsage']>[0]): Promise<void> {
    if (rows.length === 0) return
    await this.#usage.take(() =>
      this.#backend.counter.transaction().execute((tx) => addSecretUsage(tx, rows)),
    )
  }

  async claimRun(row: ScheduleRunRow): Promise<boolean> {
    try {
      return await this.#noteRun((tx) => claimScheduleRun(tx, row))
    } catch (error) {
      // Environment or pipeline was removed meanwhile: there is nothing left to run.
      if (error instanceof Problem && error.code === 'conflict') return false
      throw error
    }
  }

  async finishRun(row: ScheduleRunRow): Promise<void> {
    await this.#noteRun((tx) => finishScheduleRun(tx, row))
  }

  async pruneRuns(beforeMs: number): Promise<void> {
    await this.#noteRun((tx) => pruneScheduleRuns(tx, beforeMs))
  }

  async #noteRun<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    return await this.#runs.take(() => this.#backend.counter.transaction().execute(work))
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.#backend.reader)
  }

  #onChange(wake: () => void): () => void {
    // A function of its own for each call: two listeners may well be the same function.
    const own = (): void => wake()
    this.#wakes.add(own)
    const endAnnounced = this.#backend.onAnnounced(own)
    return () => {
      this.#wakes.delete(own)
      endAnnounced()
    }
  }

  /** Lets the writes that were taken on finish, then lets go of the database. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#wakes.clear()
    await Promise.all([this.#writes.idle(), this.#usage.idle(), this.#runs.idle()])
    await this.#backend[Symbol.asyncDispose]()
  }
}

/**
 * Brings the database's tables up to date and makes a store of it. The store owns the backend from here on: it is let
 * go of with the store, or at once when this fails.
 */
export async function sqlStore(backend: Backend, nowMs: () => number): Promise<Store> {
  try {
    await migrate(backend.writer, backend.columnTypes, nowMs)
    return new SqlStore(backend, nowMs)
  } catch (error) {
    await backend[Symbol.asyncDispose]()
    throw error
  }
}
