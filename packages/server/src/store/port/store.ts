import type { AuditEntry, AuditReader } from './audit-events.ts'
import type { BasicCredentialReader, BasicCredentialWriter } from './basic-credentials.ts'
import type { ConsumerReader, ConsumerWriter } from './consumers.ts'
import type { DeploymentReader, DeploymentWriter } from './deployments.ts'
import type { EnvironmentReader, EnvironmentWriter } from './environments.ts'
import type { FeedSource } from './feed.ts'
import type { IdempotencyReader, IdempotencyWriter } from './idempotent-answers.ts'
import type { IssuerReader, IssuerWriter } from './issuers.ts'
import type { KeyReader, KeyWriter } from './keys.ts'
import type { OrganizationReader, OrganizationWriter } from './organizations.ts'
import type { PipelineReader, PipelineWriter } from './pipelines.ts'
import type { PolicyReader, PolicyWriter } from './policies.ts'
import type { ProbeReader, ProbeWriter } from './probes.ts'
import type { ProjectReader, ProjectWriter } from './projects.ts'
import type { ScheduleRunRow, ScheduleRunReader } from './schedule-runs.ts'
import type { EnvironmentSecretReader, EnvironmentSecretWriter } from './secrets.ts'
import type { SigningKeyReader, SigningKeyWriter } from './signing-keys.ts'
import type { UsageRow } from './usage.ts'

/** Reading halves, each call on its own. */
export interface Reader {
  readonly organizations: OrganizationReader
  readonly environments: EnvironmentReader
  readonly projects: ProjectReader
  readonly pipelines: PipelineReader
  readonly policies: PolicyReader
  readonly deployments: DeploymentReader
  readonly consumers: ConsumerReader
  readonly keys: KeyReader
  readonly signingKeys: SigningKeyReader
  readonly issuers: IssuerReader
  readonly environmentSecrets: EnvironmentSecretReader
  readonly basicCredentials: BasicCredentialReader
  readonly probes: ProbeReader
  readonly scheduleRuns: ScheduleRunReader
  readonly audit: AuditReader
  readonly idempotency: IdempotencyReader
}

/** A write transaction: everything done through it becomes visible at once, or not at all. */
export interface Writer {
  readonly organizations: OrganizationWriter
  readonly environments: EnvironmentWriter
  readonly projects: ProjectWriter
  readonly pipelines: PipelineWriter
  readonly policies: PolicyWriter
  readonly deployments: DeploymentWriter
  readonly consumers: ConsumerWriter
  readonly keys: KeyWriter
  readonly signingKeys: SigningKeyWriter
  readonly issuers: IssuerWriter
  readonly environmentSecrets: EnvironmentSecretWriter
  readonly basicCredentials: BasicCredentialWriter
  readonly probes: ProbeWriter
  readonly idempotency: IdempotencyWriter
  /** Stages an audit record. A transaction that staged a change for gateways without one is rolled back. */
  audit(entry: AuditEntry): void
}

export interface Committed<T> {
  readonly value: T
  /** The revision of this change, or, where gateways need not know of it, the newest one there is. */
  readonly revision: number
}

export interface Store extends AsyncDisposable {
  readonly read: Reader
  readonly feed: FeedSource
  /**
   * Runs one write transaction. Writers take turns, across processes as well: within `work` nothing else changes, so
   * a check made there still holds at the commit. An acknowledged write survives `kill -9`.
   *
   * @throws Problem `unavailable` when the database cannot be reached; whatever `work` throws, after rolling back
   */
  write<T>(work: (tx: Writer) => Promise<T>): Promise<Committed<T>>
  /** Adds to the counters of secrets; outside the change order, since no decision depends on it. */
  addUsage(rows: readonly UsageRow[]): Promise<void>
  /**
   * Takes a due time of a schedule: true for exactly one caller of however many processes ask. Outside the change
   * order, since no decision depends on it.
   */
  claimRun(row: ScheduleRunRow): Promise<boolean>
  /** Notes how a run that was taken came out. */
  finishRun(row: ScheduleRunRow): Promise<void>
  /** Forgets runs that were due before that time. */
  pruneRuns(beforeMs: number): Promise<void>
  /** Throws a Problem `unavailable` when the database does not answer. */
  ping(): Promise<void>
}
