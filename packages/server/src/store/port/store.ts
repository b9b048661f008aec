import type { AcceptanceReader, AcceptanceWriter } from './acceptances.ts'
import type { AuditEntry, AuditReader } from './audit-events.ts'
import type { AuditSigning } from './audit/audit-signing.ts'
import type { BasicCredentialReader, BasicCredentialWriter } from './basic-credentials.ts'
import type { PlanReader, PlanWriter } from './consumers/plans.ts'
import type { ConsumerReader, ConsumerWriter } from './consumers.ts'
import type { DeploymentReader, DeploymentWriter } from './deployments.ts'
import type { EnvironmentReader, EnvironmentWriter } from './environments.ts'
import type { ExternalKeyReader, ExternalKeyWriter } from './external-keys.ts'
import type { FeedSource } from './feed.ts'
import type { GatewayAttachments } from './fleet/attachments.ts'
import type { GatewayEnrolments } from './fleet/enrolments.ts'
import type { GatewayLeases } from './gateways.ts'
import type { IdempotencyReader, IdempotencyWriter } from './idempotent-answers.ts'
import type { InvitationReader, InvitationWriter } from './people/invitations.ts'
import type { IssuerReader, IssuerWriter } from './issuers.ts'
import type { HandOverReader, HandOverWriter } from './keys/hand-overs.ts'
import type { ImportReader, ImportWriter, UnfinishedImport } from './keys/imports.ts'
import type { LeakReader, LeakWriter } from './keys/leaks.ts'
import type { KeyAgeReader, KeyAgeWriter } from './keys/key-ages.ts'
import type { RotationReader, RotationWriter } from './keys/rotations.ts'
import type { KeyReader, KeyWriter } from './keys.ts'
import type { MasterKeyCheck } from './master-key-check.ts'
import type { MemberReader, MemberWriter } from './people/members.ts'
import type { OrganizationReader, OrganizationWriter } from './organizations.ts'
import type { OwnerMailQueues } from './people/owner-mail-queues.ts'
import type { PortalSessionReader, PortalSessionWriter } from './portal/portal-sessions.ts'
import type { PasskeyReader, PasskeyWriter } from './people/passkeys.ts'
import type { PersonReader, PersonWriter } from './people/people.ts'
import type { PipelineReader, PipelineWriter } from './pipelines.ts'
import type { PolicyReader, PolicyWriter } from './policies.ts'
import type { ProbeReader, ProbeWriter } from './probes.ts'
import type { ProjectReader, ProjectWriter } from './projects.ts'
import type { ProviderLinkReader, ProviderLinkWriter } from './people/provider-links.ts'
import type { RoleReader, RoleWriter } from './roles.ts'
import type { RunState, ScheduleId, ScheduleRunReader, ScheduleRunRow } from './schedule-runs.ts'
import type { EnvironmentVariableReader, EnvironmentVariableWriter } from './environments/variables.ts'
import type { EnvironmentSecretReader, EnvironmentSecretWriter } from './secrets.ts'
import type { SecondFactorReader, SecondFactorWriter } from './people/second-factors.ts'
import type { SessionReader, SessionWriter } from './people/sessions.ts'
import type { SigningKeyReader, SigningKeyWriter } from './signing-keys.ts'
import type { TicketReader, TicketWriter } from './people/tickets.ts'
import type { DeliveryReader, DeliveryWriter } from './webhooks/deliveries.ts'
import type { WebhookQueues } from './webhooks/webhook-queues.ts'
import type { WebhookReader, WebhookWriter } from './webhooks/webhooks.ts'
import type { UsageLimits, UsageReader, UsageReport, UsageRow } from './usage.ts'

/** The readers of all entities. Each call is a query of its own. */
export interface Reader {
  readonly people: PersonReader
  readonly providerLinks: ProviderLinkReader
  readonly sessions: SessionReader
  readonly secondFactors: SecondFactorReader
  readonly tickets: TicketReader
  readonly passkeys: PasskeyReader
  readonly organizations: OrganizationReader
  readonly members: MemberReader
  readonly invitations: InvitationReader
  readonly environments: EnvironmentReader
  readonly keyAges: KeyAgeReader
  readonly projects: ProjectReader
  readonly pipelines: PipelineReader
  readonly policies: PolicyReader
  readonly deployments: DeploymentReader
  readonly roles: RoleReader
  readonly plans: PlanReader
  readonly consumers: ConsumerReader
  readonly portalSessions: PortalSessionReader
  readonly keys: KeyReader
  readonly handOvers: HandOverReader
  readonly leaks: LeakReader
  readonly imports: ImportReader
  readonly rotations: RotationReader
  readonly externalKeys: ExternalKeyReader
  readonly acceptances: AcceptanceReader
  readonly signingKeys: SigningKeyReader
  readonly issuers: IssuerReader
  readonly environmentSecrets: EnvironmentSecretReader
  readonly environmentVariables: EnvironmentVariableReader
  readonly basicCredentials: BasicCredentialReader
  readonly probes: ProbeReader
  readonly scheduleRuns: ScheduleRunReader
  readonly usage: UsageReader
  readonly webhooks: WebhookReader
  readonly deliveries: DeliveryReader
  readonly audit: AuditReader
  readonly idempotency: IdempotencyReader
}

/** A write transaction: all its changes become visible at once, or none do. */
export interface Writer {
  /** Reads what this transaction sees: the state before it, and what it has written. */
  readonly read: Reader
  readonly people: PersonWriter
  readonly providerLinks: ProviderLinkWriter
  readonly sessions: SessionWriter
  readonly secondFactors: SecondFactorWriter
  readonly tickets: TicketWriter
  readonly passkeys: PasskeyWriter
  readonly organizations: OrganizationWriter
  readonly members: MemberWriter
  readonly invitations: InvitationWriter
  readonly environments: EnvironmentWriter
  readonly keyAges: KeyAgeWriter
  readonly projects: ProjectWriter
  readonly pipelines: PipelineWriter
  readonly policies: PolicyWriter
  readonly deployments: DeploymentWriter
  readonly roles: RoleWriter
  readonly plans: PlanWriter
  readonly consumers: ConsumerWriter
  readonly portalSessions: PortalSessionWriter
  readonly keys: KeyWriter
  readonly handOvers: HandOverWriter
  readonly leaks: LeakWriter
  readonly imports: ImportWriter
  readonly rotations: RotationWriter
  readonly externalKeys: ExternalKeyWriter
  readonly acceptances: AcceptanceWriter
  readonly signingKeys: SigningKeyWriter
  readonly issuers: IssuerWriter
  readonly environmentSecrets: EnvironmentSecretWriter
  readonly environmentVariables: EnvironmentVariableWriter
  readonly basicCredentials: BasicCredentialWriter
  readonly probes: ProbeWriter
  readonly webhooks: WebhookWriter
  readonly deliveries: DeliveryWriter
  readonly idempotency: IdempotencyWriter
  /**
   * Stages an audit record. A transaction that writes an entity without one is rolled back; probes, idempotent
   * answers and what people have outside of organizations need none.
   */
  audit(entry: AuditEntry): void
}

/** Who writes. */
export interface WriteOwner {
  readonly organization: string
  /** The id of a key, for example. */
  readonly actor: string
  /** Whether the write takes so long that no other one shall wait for its commit; false unless given. */
  readonly isLarge?: boolean
}

export interface Committed<T> {
  readonly value: T
  /** The revision of this change, or the newest revision if gateways do not receive the change. */
  readonly revision: number
}

export interface Store extends AsyncDisposable {
  readonly read: Reader
  readonly feed: FeedSource
  /** The gateways that use the database themselves. */
  readonly gateways: GatewayLeases
  /** Those that have a stream to a control node. */
  readonly enrolments: GatewayEnrolments
  readonly attachments: GatewayAttachments
  readonly masterKeyCheck: MasterKeyCheck
  readonly auditSigning: AuditSigning
  readonly webhookQueues: WebhookQueues
  readonly ownerMailQueues: OwnerMailQueues
  /**
   * Runs one write transaction. Writers of all processes run one at a time, so a check made in `work` still holds at the
   * commit. Writes that wait may share a transaction, if they have an owner and are not large: each sees those before it as if they were committed, which
   * `read` of the store does not show yet, and fails alone. An acknowledged write survives `kill -9`. A write that is not done within its time from the call is refused,
   * and is not done later; only a commit whose answer was lost may have happened.
   *
   * @param by who writes: organizations take turns, and the actors of each; nobody in particular unless given
   * @throws Problem `unavailable` when the database cannot be reached or the time is over; whatever `work` throws, after the rollback
   */
  write<T>(work: (tx: Writer) => Promise<T>, by?: WriteOwner): Promise<Committed<T>>
  /** Adds to the counts of requests and of uses. This creates no revision, because no decision depends on it. */
  addUsage(rows: readonly UsageRow[]): Promise<void>
  /**
   * Stores counts of requests and of uses, which survive `kill -9` from then on. Few are added to the sums at once, and many
   * with the next `foldUsage`.
   *
   * @param report counts are added once for each number of a source; without it, each time
   * @throws Problem `unavailable` when too many wait
   */
  receiveUsage(rows: readonly UsageRow[], report?: UsageReport): Promise<void>
  /**
   * Adds what was received until now to the sums. Several processes may do so at the same time.
   *
   * @param signal ends it early; the next one continues
   */
  foldUsage(signal?: AbortSignal): Promise<void>
  /** Deletes counts that are too old, and the oldest ones of organizations that have too many. */
  pruneUsage(nowMs: number, limits: UsageLimits): Promise<void>
  /**
   * Claims a due time of a schedule. Of all processes that claim it, exactly one gets true. This creates no revision,
   * because no decision depends on it.
   */
  claimRun(row: ScheduleRunRow): Promise<boolean>
  /** Records the outcome of a claimed run, unless it has one. */
  finishRun(row: ScheduleRunRow): Promise<void>
  /** Notes that the process of an exclusive run is alive. */
  beatRun(schedule: ScheduleId, dueAtMs: number): Promise<RunState>
  /** Asks the process of a run to end it. */
  askRunToEnd(schedule: ScheduleId, dueAtMs: number): Promise<void>
  /** Ends a run whose process has died, with the outcome `interrupted`, unless its `beats` have changed. */
  abandonRun(
    schedule: ScheduleId,
    run: { readonly dueAtMs: number; readonly beats: number; readonly finishedAtMs: number },
  ): Promise<void>
  /** Deletes runs that were due before `beforeMs`. */
  pruneRuns(beforeMs: number): Promise<void>
  /** The imports of all organizations that are running, the oldest first: at most `limit`. */
  unfinishedImports(limit: number): Promise<readonly UnfinishedImport[]>
  /** @throws Problem `unavailable` when the database does not answer */
  ping(): Promise<void>
}
