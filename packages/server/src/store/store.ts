import type { Change, FeedRecord, KeyId } from '@sallyport/core'
import type {
  AuditEntry,
  AuditRow,
  BasicCredentialRow,
  ConsumerRow,
  DeploymentEnd,
  DeploymentRow,
  EnvironmentRow,
  EnvironmentSecretRow,
  IdempotencyRow,
  IssuerRow,
  KeyRow,
  OrganizationRow,
  PipelineRow,
  PolicyRow,
  ProbeRow,
  ProjectRow,
  ScheduleRunRow,
  SecretRow,
  SigningKeyRow,
  UsageRow,
  VersionRow,
} from './rows.ts'

/** How much of a list is wanted: at most `limit` things, after the one that `cursor` names. */
export interface PageRequest {
  readonly limit: number
  /** What `next` of the page before said; undefined for the first page. */
  readonly cursor?: string | undefined
}

export interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

/*
 * One interface a thing, a reading half and a writing half. Only a write transaction has the writing halves, and
 * they stage what gateways must be told by themselves: no operation can forget it. Lists are ordered by creation,
 * ties by id or name. A malformed cursor throws a Problem `invalid_request`.
 */

export interface OrganizationReader {
  get(slug: string): Promise<OrganizationRow | undefined>
  /** The organization that set-up made, or undefined before. */
  first(): Promise<OrganizationRow | undefined>
  list(page: PageRequest): Promise<Page<OrganizationRow>>
}
export interface OrganizationWriter extends OrganizationReader {
  insert(row: OrganizationRow): Promise<void>
  rename(slug: string, name: string): Promise<void>
}

export interface EnvironmentReader {
  get(organization: string, name: string): Promise<EnvironmentRow | undefined>
  /** In promotion order; there are few, but they page like the rest. */
  list(organization: string, page: PageRequest): Promise<Page<EnvironmentRow>>
}
export interface EnvironmentWriter extends EnvironmentReader {
  insert(row: EnvironmentRow): Promise<void>
  move(organization: string, name: string, position: number): Promise<void>
  /**
   * With what belongs to it alone: policies, signing keys, issuers, secrets, ended deployments, runs of schedules. Live
   * deployments, consumers and keys must be gone before.
   */
  remove(organization: string, name: string): Promise<void>
}

export interface ProjectReader {
  get(organization: string, name: string): Promise<ProjectRow | undefined>
  list(organization: string, page: PageRequest): Promise<Page<ProjectRow>>
  countPipelines(organization: string, name: string): Promise<number>
}
export interface ProjectWriter extends ProjectReader {
  insert(row: ProjectRow): Promise<void>
  describe(organization: string, name: string, description: string | null): Promise<void>
  remove(organization: string, name: string): Promise<void>
}

export interface PipelineReader {
  get(organization: string, name: string): Promise<PipelineRow | undefined>
  list(
    organization: string,
    page: PageRequest,
    filter?: { readonly project?: string },
  ): Promise<Page<PipelineRow>>
  version(
    organization: string,
    pipeline: string,
    major: number,
    minor: number,
  ): Promise<VersionRow | undefined>
  /** The highest version, or the highest of one major. */
  latestVersion(organization: string, pipeline: string, major?: number): Promise<VersionRow | undefined>
  listVersions(organization: string, pipeline: string, page: PageRequest): Promise<Page<VersionRow>>
}
export interface PipelineWriter extends PipelineReader {
  insert(row: PipelineRow): Promise<void>
  insertVersion(row: VersionRow): Promise<void>
  /** With its versions, its associations with consumers, and its runs. Live deployments must be gone before. */
  remove(organization: string, name: string): Promise<void>
}

export interface PolicyReader {
  /** The policy in force; undefined only where the environment is unknown. */
  current(organization: string, environment: string): Promise<PolicyRow | undefined>
  /** Newest first. */
  list(organization: string, environment: string, page: PageRequest): Promise<Page<PolicyRow>>
}
export interface PolicyWriter extends PolicyReader {
  insert(row: PolicyRow): Promise<void>
}

export interface DeploymentFilter {
  readonly environment?: string
  readonly pipeline?: string
  /** Those that are live, unless said otherwise. */
  readonly state?: DeploymentState
}
export type DeploymentState = 'live' | 'ended' | 'all'
export interface DeploymentReader {
  get(organization: string, id: string): Promise<DeploymentRow | undefined>
  list(organization: string, page: PageRequest, filter?: DeploymentFilter): Promise<Page<DeploymentRow>>
  /** Every live deployment of one environment. */
  allLive(organization: string, environment: string): Promise<readonly DeploymentRow[]>
  countLiveOfPipeline(organization: string, pipeline: string): Promise<number>
  /** The one that was live in the same place (environment, pipeline, major) just before this one, or undefined. */
  previous(row: DeploymentRow): Promise<DeploymentRow | undefined>
}
export interface DeploymentWriter extends DeploymentReader {
  insert(row: DeploymentRow): Promise<void>
  end(organization: string, id: string, end: DeploymentEnd): Promise<void>
}

export interface ConsumerReader {
  get(organization: string, id: string): Promise<ConsumerRow | undefined>
  getByName(organization: string, environment: string, name: string): Promise<ConsumerRow | undefined>
  list(
    organization: string,
    page: PageRequest,
    filter?: { readonly environment?: string },
  ): Promise<Page<ConsumerRow>>
}
export interface ConsumerWriter extends ConsumerReader {
  insert(row: ConsumerRow): Promise<void>
  /** Replaces description, active and pipelines. */
  update(row: ConsumerRow): Promise<void>
  /** Its keys and its Basic credentials must be deleted before. */
  remove(organization: string, id: string): Promise<void>
}

export interface KeyFilter {
  readonly environment?: string
  readonly consumer?: string
  /** Deleted keys are tombstones: they are listed only when asked for. */
  readonly includeDeleted?: boolean
}
export interface KeyReader {
  get(organization: string, id: KeyId): Promise<KeyRow | undefined>
  /** Whichever organization it belongs to: the door through which a management credential comes. */
  find(id: KeyId): Promise<KeyRow | undefined>
  list(organization: string, page: PageRequest, filter?: KeyFilter): Promise<Page<KeyRow>>
  allOfConsumer(organization: string, consumer: string): Promise<readonly KeyRow[]>
  /**
   * How many keys use a role in the organization as a whole at that time: active, neither deleted nor expired, and of
   * no environment, as those of consumers are.
   */
  countUsingRole(organization: string, role: string, nowMs: number): Promise<number>
}
export interface KeyWriter extends KeyReader {
  /** With its secrets. */
  insert(row: KeyRow): Promise<void>
  /** Replaces everything but id, type, creation and secrets. A deleted key is an update too: it sets `deletedAtMs`. */
  update(row: KeyRow): Promise<void>
  /** Replaces the key's set of secrets, keeping the usage of those that stay. */
  replaceSecrets(organization: string, id: KeyId, secrets: readonly SecretRow[]): Promise<void>
}

export interface SigningKeyReader {
  /** Newest first; at most `SIGNING_KEYS_PER_ENVIRONMENT_MAX`. */
  all(organization: string, environment: string): Promise<readonly SigningKeyRow[]>
}
export interface SigningKeyWriter extends SigningKeyReader {
  insert(row: SigningKeyRow): Promise<void>
  /** The key signs no more; its tokens are accepted until then. */
  retire(organization: string, id: string, verifiesUntilMs: number): Promise<void>
  remove(organization: string, id: string): Promise<void>
}

export interface IssuerReader {
  get(organization: string, id: string): Promise<IssuerRow | undefined>
  list(organization: string, environment: string, page: PageRequest): Promise<Page<IssuerRow>>
  countOfEnvironment(organization: string, environment: string): Promise<number>
}
export interface IssuerWriter extends IssuerReader {
  /** @throws Problem `conflict` when the environment trusts that issuer already */
  insert(row: IssuerRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
}

export interface EnvironmentSecretReader {
  get(organization: string, environment: string, name: string): Promise<EnvironmentSecretRow | undefined>
  list(organization: string, environment: string, page: PageRequest): Promise<Page<EnvironmentSecretRow>>
  /** Every name in an environment. */
  names(organization: string, environment: string): Promise<readonly string[]>
}
export interface EnvironmentSecretWriter extends EnvironmentSecretReader {
  insert(row: EnvironmentSecretRow): Promise<void>
  /** Replaces the value and who set it when. */
  update(row: EnvironmentSecretRow): Promise<void>
  remove(organization: string, environment: string, name: string): Promise<void>
}

export interface BasicCredentialReader {
  getByUsername(
    organization: string,
    environment: string,
    username: string,
  ): Promise<BasicCredentialRow | undefined>
  listOfConsumer(organization: string, consumer: string, page: PageRequest): Promise<Page<BasicCredentialRow>>
  countOfConsumer(organization: string, consumer: string): Promise<number>
}
export interface BasicCredentialWriter extends BasicCredentialReader {
  insert(row: BasicCredentialRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
  removeAllOfConsumer(organization: string, consumer: string): Promise<void>
}

export interface ProbeReader {
  get(organization: string, deployment: string): Promise<ProbeRow | undefined>
}
export interface ProbeWriter extends ProbeReader {
  /** Replaces what an earlier probe of the deployment found. */
  save(row: ProbeRow): Promise<void>
}

export interface ScheduleRunReader {
  /** Newest first. */
  list(
    organization: string,
    environment: string,
    pipeline: string,
    page: PageRequest,
  ): Promise<Page<ScheduleRunRow>>
}

export interface AuditReader {
  /** Newest last. */
  list(organization: string, page: PageRequest): Promise<Page<AuditRow>>
}

export interface IdempotencyReader {
  find(scope: string, key: string): Promise<IdempotencyRow | undefined>
}
export interface IdempotencyWriter extends IdempotencyReader {
  save(row: IdempotencyRow): Promise<void>
  /** Forgets answers made before that time. */
  prune(beforeMs: number): Promise<void>
}

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

/** Everything a gateway needs, as one consistent picture. */
export interface FeedSnapshot {
  readonly revision: number
  /** In batches. Organizations and environments come before what refers to them; nothing else is in order. */
  readonly records: AsyncIterable<readonly FeedRecord[]>
}

export interface FeedSource {
  /**
   * Reads the snapshot and its revision in one read transaction, which stays open until `use` is done. `use` must
   * consume the records within its call.
   */
  readSnapshot<T>(use: (snapshot: FeedSnapshot) => Promise<T>): Promise<T>
  /** The newest revision there is; 0 before the first. */
  head(): Promise<number>
  /**
   * Up to `limit` changes after a revision, oldest first, or `pruned` when some of them are no longer kept and the
   * reader must load afresh.
   */
  changesAfter(revision: number, limit: number): Promise<readonly Change[] | 'pruned'>
  /** Forgets changes made before that time, but never the newest. */
  prune(beforeMs: number): Promise<void>
  /**
   * Calls back soon after a commit, its own or another process's where the database can tell; only ever a hint to
   * look. Returns the function that ends it.
   */
  onChange(wake: () => void): () => void
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
