import { randomBytes } from 'node:crypto'
import { EnvironmentHosts, type KeyId } from '@sallyport/core'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import { quotaLimitsOf, type Config } from '../config/config.ts'
import { expireHandOvers } from '../app/hand-overs/expire-hand-overs.ts'
import { AddressSet } from '../address/address-set.ts'
import { CheckpointSigner } from '../app/audit/checkpoint-signer.ts'
import { ImportRunner } from '../app/imports/import-runner.ts'
import { reportDeadlines } from '../app/keys/report-deadlines.ts'
import { sendOwnerMails } from '../app/owner-mails/send-owner-mails.ts'
import { runRotations } from '../app/rotations/run-rotations.ts'
import { openDelivery } from '../app/rotations/sealed-delivery.ts'
import type { StreamEntrance } from '../control/routing/dependencies.ts'
import { startControl, type ListeningControl } from '../control/start-control.ts'
import type { Sealer } from '../crypto/seal.ts'
import { addressCheck } from '../egress/checked-connector.ts'
import { dnsResolve } from '../egress/dns-resolve.ts'
import { TrialExpressions } from '../expression/trial-expressions.ts'
import type { Outbox, OutboxDeps } from '../mail/outbox.ts'
import { SignInProviders } from '../identity/providers/sign-in-providers.ts'
import type { RequestWindow } from '../requests/recent-requests.ts'
import type { Store } from '../store/port/store.ts'
import { startHousekeeping } from '../sync/housekeeping.ts'
import { repeatWork } from '../sync/repeated-work.ts'
import {
  confirmRevision,
  statusOfGateways,
  type PeerConfirmations,
  type ReportingGateway,
} from '../sync/receipts.ts'
import { exportTelemetry } from '../telemetry/export/export-telemetry.ts'
import { registerThreadMetrics } from '../telemetry/process-metrics.ts'
import { RequestDurations } from '../telemetry/request-durations.ts'
import { WebhookDispatcher } from '../webhooks/webhook-dispatcher.ts'
import { environmentsByHost } from '../config/environments-by-host.ts'
import type { Decisions } from './decisions.ts'

/** How often it is checked which audit logs must be signed, in ms. Each is signed once an hour. */
const CHECKPOINTS_MS = 5 * 60 * 1000
/** How often it is checked which hand-overs have expired, in ms. */
const HAND_OVERS_MS = 60 * 1000
/** How often it is checked whether something must be told about a key, in ms. */
const DEADLINES_MS = 15_000
/** How often it is checked whether an import has begun, in ms. */
const IMPORTS_MS = 500
/** How often it is checked whether owners must be told of something by mail, in ms. */
const OWNER_MAILS_MS = 5_000
/** How often it is checked which keys must roll by their schedule, in ms. */
const ROTATIONS_MS = 15_000
/** How often it is checked which webhooks have something to do, in ms. */
const WEBHOOKS_MS = 500
/** How long waiting mails are sent when the server stops, within the time for requests. */
const MAILS_MS_MAX = 3000

/** The gateways that a control plane publishes changes to. */
export interface KnownGateways {
  /** The URL that callers reach them at, without a trailing slash. */
  url(): string
  readonly members: readonly ReportingGateway[]
  /** The gateways of other processes: those that use the database themselves, and those that have streams. */
  readonly peers: readonly PeerConfirmations[]
}

export interface ControlPlaneDeps {
  readonly config: Pick<
    Config,
    | 'control'
    | 'controlHosts'
    | 'databaseUrl'
    | 'gitHubKeys'
    | 'hosts'
    | 'mailFrom'
    | 'organizationsPerPerson'
    | 'publicUrl'
    | 'quotas'
    | 'signInProviders'
    | 'signUpDomains'
    | 'smtp'
    | 'telemetry'
    | 'trustedProxies'
    | 'upstreamAllow'
    | 'usageDays'
    | 'usageRows'
  >
  readonly logger: Logger
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** Names this process to those that receive its metrics. */
  readonly instanceId: string
  /** Opens `POST /v1/setup` while no organization exists. */
  readonly setupToken: string
  readonly sealer: Sealer
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  readonly store: Store
  /** For verifying credentials and probing deployments as a gateway would. */
  readonly decisions: Decisions
  /** The recent requests of the gateway of this process. */
  readonly requests: RequestWindow
  readonly gateways: KnownGateways
  readonly streams: StreamEntrance | null
  /** Registers further metrics of the control plane. */
  readonly registerMetrics?: (registry: Registry) => void
}

/** A listening control plane. Disposing it stops the remaining requests. */
export interface ControlPlane extends AsyncDisposable {
  readonly url: string
  /** Stops accepting requests and waits at most `drainMs` for those in progress. */
  close(drainMs: number): Promise<void>
}

/**
 * Starts the control plane on an open store. It needs no gateway in its process.
 *
 * @throws errors of listening, such as EADDRINUSE
 */
export async function startControlPlane({
  config,
  logger,
  nowMs,
  monotonicMs,
  instanceId,
  setupToken,
  sealer,
  importedKeyId,
  store,
  decisions,
  requests,
  gateways,
  streams,
  registerMetrics,
}: ControlPlaneDeps): Promise<ControlPlane> {
  await using stack = new AsyncDisposableStack()
  stack.use(
    startHousekeeping({
      store,
      nowMs,
      usageLimits: { days: config.usageDays, rows: config.usageRows },
      onFault: (err) => logger.warn({ err }, 'housekeeping failed'),
    }),
  )
  const signer = new CheckpointSigner({ store, sealer, nowMs })
  stack.use(
    repeatWork(
      () => signer.signDue(),
      CHECKPOINTS_MS,
      (err) => logger.warn({ err }, 'signing the audit log failed'),
    ),
  )
  stack.use(
    repeatWork(
      () => reportDeadlines({ store, nowMs }),
      DEADLINES_MS,
      (err) => logger.warn({ err }, 'the deadlines of keys cannot be read'),
    ),
  )
  const imports = new ImportRunner({
    store,
    nowMs,
    monotonicMs,
    quotaLimits: (organization) => quotaLimitsOf(config.quotas, organization),
    onFault: (err, { organization, id }) =>
      logger.warn({ err, organization, import: id }, 'importing keys failed and is tried again'),
  })
  stack.use(
    repeatWork(
      () => imports.tick(),
      IMPORTS_MS,
      (err) => logger.warn({ err }, 'the imports of keys cannot be read'),
    ),
  )
  stack.defer(() => imports.end())
  const registry = new Registry()
  const durations = new RequestDurations(registry)
  registerThreadMetrics(registry, nowMs)
  registerMetrics?.(registry)
  const exported = stack.use(
    await exportTelemetry({
      config: { ...config.telemetry, traces: null },
      instanceId,
      registry,
      durations,
      logger,
      nowMs,
      monotonicMs,
    }),
  )
  const webhookAddresses = new AddressSet(config.upstreamAllow)
  // Without another process, no process serves the queues that the last one did not give back.
  if (config.databaseUrl === null) await store.webhookQueues.releaseAll()
  const onDeliveryFault = (err: unknown): void => logger.warn({ err }, 'delivering events to webhooks failed')
  const dispatcher = stack.use(
    new WebhookDispatcher({
      store,
      sealer,
      nowMs,
      monotonicMs,
      allowed: webhookAddresses,
      resolve: dnsResolve(),
      registry,
      onFault: onDeliveryFault,
      onError: (err, webhook) => logger.debug({ err, ...webhook }, 'a webhook did not answer'),
      openDelivery: async (to, secret) => await openDelivery({ store, sealer, nowMs, publicUrl }, to, secret),
    }),
  )
  const { smtp, mailFrom: from } = config
  const outbox =
    smtp === null || from === null
      ? null
      : stack.use(await openOutbox({ smtp, from, logger, monotonicMs, registry }))
  // Requests are handled only once it listens.
  const publicUrl = (): string => config.publicUrl ?? control.url
  const providers = stack.use(new SignInProviders(config.signInProviders, { publicUrl, monotonicMs }))
  const hosts = new EnvironmentHosts(environmentsByHost(config.hosts))
  const operations = {
    store,
    nowMs,
    randomBytes,
    sealer,
    importedKeyId,
    quotaLimits: (organization: string) => quotaLimitsOf(config.quotas, organization),
    organizationsPerPerson: config.organizationsPerPerson,
    hosts,
    mayCall: addressCheck(webhookAddresses),
    publicUrl,
    mails: outbox,
  }
  const control: ListeningControl = await startControl(
    {
      ...operations,
      monotonicMs,
      setupToken,
      gateway: { url: () => gateways.url(), hosts },
      signIn: { providers, signUpDomains: config.signUpDomains },
      receipts: {
        confirm: async (revision, waitMs) =>
          await confirmRevision(gateways.members, revision, waitMs, monotonicMs, gateways.peers),
        gateways: async () => await statusOfGateways(gateways.members, gateways.peers),
      },
      streams,
      expressions: stack.use(new TrialExpressions()),
      prober: decisions,
      requests,
      async verify({ actor }, input) {
        const { answer, demands } = await decisions.verify(actor.grantsIn(input.organization), input)
        for (const demand of demands) actor.record?.(demand)
        return answer
      },
      findToken: async (token) => await decisions.findToken(token),
      gitHubKeys: config.gitHubKeys,
      registry,
      durations,
      logger,
      // It needs no lease: it is ready as long as it runs, and `/readyz` asks the database.
      readiness: async () => ({ ready: true, ...(await decisions.snapshotReadiness()) }),
      controlHosts: [config.control.host, ...config.controlHosts],
      trustedProxies: config.trustedProxies,
    },
    config.control,
  )
  stack.use(
    repeatWork(
      () => expireHandOvers({ store, nowMs, mails: outbox, publicUrl }),
      HAND_OVERS_MS,
      (err) => logger.warn({ err }, 'recording expired hand-overs failed'),
    ),
  )
  if (outbox !== null) {
    const mailing = { store, nowMs, mails: outbox, publicUrl }
    const onMailFault = (err: unknown, organization?: string): void =>
      logger.warn({ err, organization }, 'telling owners by mail failed')
    stack.use(repeatWork(() => sendOwnerMails(mailing, onMailFault), OWNER_MAILS_MS, onMailFault))
  }
  // Messages have links to the server, whose URL is known from here on.
  stack.use(repeatWork(() => dispatcher.tick(), WEBHOOKS_MS, onDeliveryFault))
  stack.use(
    repeatWork(
      () =>
        runRotations(operations, (err, rotation) =>
          logger.warn({ err, ...rotation }, 'rolling a key on its schedule failed'),
        ),
      ROTATIONS_MS,
      (err) => logger.warn({ err }, 'the schedules of keys cannot be read'),
    ),
  )
  let closed: Promise<void> | null = null
  const drain = async (drainMs: number): Promise<void> => {
    const startMs = monotonicMs()
    // First: a connection that has become a stream is never idle, and ends with nothing else.
    streams?.close()
    await control.close(drainMs)
    const leftMs = Math.max(0, startMs + drainMs - monotonicMs())
    await outbox?.close(Math.min(MAILS_MS_MAX, leftMs))
    await exported.close()
  }
  const close = (drainMs: number): Promise<void> => (closed ??= drain(drainMs))
  stack.defer(async () => await close(0))
  const parts = stack.move()
  return {
    url: control.url,
    close,
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** Loads the mail library, which few installations need when they start. */
async function openOutbox(deps: OutboxDeps): Promise<Outbox> {
  const { Outbox } = await import('../mail/outbox.ts')
  return new Outbox(deps)
}
