import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { verifyCredential } from '../app/keys/verify-credential.ts'
import { startControl } from '../control/start-control.ts'
import { startGateway } from '../gateway/gateway.ts'
import { createExpressions } from '../expression/expressions.ts'
import { StrangerProbe } from '../gateway/entrance/anonymous-probe.ts'
import { Scheduler } from '../schedule/scheduler.ts'
import { openStore, type StoreSettings } from '../store/open.ts'
import { Follower } from '../sync/follower.ts'
import { startHousekeeping } from '../sync/housekeeping.ts'
import { confirmRevision, type ReportingGateway } from '../sync/receipts.ts'
import { SnapshotCell } from '../sync/snapshot-cell.ts'
import { UsageRecorder } from '../sync/usage-recorder.ts'
import { createHttpMetrics, createRegistry } from '../telemetry/metrics.ts'
import { openMasterKey } from '../crypto/master-key.ts'
import { seal, unseal } from '../crypto/seal.ts'

/** The database's file in the data folder. */
const DATABASE_FILE = 'sallyport.db'

/** What a server is made of, beside the settings. */
export interface ServerParts {
  readonly config: Config
  readonly logger: Logger
  /** Opens `POST /v1/setup` while no organization exists. */
  readonly setupToken: string
  /** How long requests under way may take to finish when the server ends, in ms. */
  readonly drainMs: number
}

/** A control plane and a gateway that listen. To dispose it finishes the requests under way. */
export interface RunningServer extends AsyncDisposable {
  readonly controlUrl: string
  readonly gatewayUrl: string
  /** Whether there is an organization already. */
  readonly isSetUp: boolean
}

/**
 * Wires everything together, in the order in which the parts need each other; they end in the reverse order.
 *
 * @throws what a part throws that cannot start: a port that is taken, a database that cannot be opened
 */
export async function startServer({
  config,
  logger,
  setupToken,
  drainMs,
}: ServerParts): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack()
  const nowMs = Date.now
  const masterKey = await openMasterKey({
    folder: config.dataFolder,
    ...(config.masterKey === null ? {} : { base64: config.masterKey }),
  })
  const sealer = {
    seal: (text: string, context: string) => seal(masterKey, text, context),
    unseal: (sealed: string, context: string) => unseal(masterKey, sealed, context),
  }
  const store = stack.use(await openStore({ ...storeSettings(config), nowMs }))
  stack.use(
    startHousekeeping({ store, nowMs, onFault: (err) => logger.warn({ err }, 'housekeeping failed') }),
  )

  const cell = new SnapshotCell()
  const follower = stack.use(
    await Follower.start({
      feed: store.feed,
      cell,
      nowMs,
      onFault: (err) => logger.error({ err }, 'the feed stopped: the gateway goes on with what it has'),
      onRecovered: () => logger.info('the feed goes on'),
    }),
  )
  const usage = stack.use(
    new UsageRecorder({
      sink: async (rows) => {
        await store.addUsage(rows)
      },
      onFault: (err) => logger.warn({ err }, 'usage could not be kept; it is kept with the next flush'),
      onDropped: (uses) =>
        logger.error({ uses }, 'uses were not counted: too many secrets wait for the store'),
    }),
  )
  const readiness = () => ({
    ready: cell.isLoaded,
    revision: cell.current.revision,
    snapshotAgeSeconds: cell.isLoaded ? Math.max(0, nowMs() - cell.upToDateAtMs) / 1000 : null,
  })

  // Children start with the first expression.
  const expressions = stack.use(createExpressions())
  const gateway = await startGateway({
    cell,
    config: {
      ...config.gateway,
      hosts: new Map(
        config.hosts.map(({ host, organization, environment }) => [host, { organization, environment }]),
      ),
      trustedProxies: config.trustedProxies,
      upstreamAllow: config.upstreamAllow,
      maxStalenessSeconds: config.maxStalenessSeconds,
    },
    nowMs,
    logger,
    registry: createRegistry(),
    readiness,
    usage,
    unseal: sealer.unseal,
    expressions,
  })
  stack.use(gateway)

  const member: ReportingGateway = {
    id: `gw_${randomBytes(8).toString('hex')}`,
    waitForRevision: async (revision, waitMs) => await follower.waitForRevision(revision, waitMs),
    // A gateway in this process is heard of all the time.
    seenAtMs: nowMs,
  }
  const controlRegistry = createRegistry()
  const control = await startControl(
    {
      store,
      nowMs,
      randomBytes,
      setupToken,
      sealer,
      gateway: { url: () => config.gatewayUrl ?? gateway.url, hosts: config.hosts },
      receipts: {
        confirm: async (revision, waitMs) => await confirmRevision([member], revision, waitMs, nowMs),
      },
      prober: new StrangerProbe({ cell, nowMs }),
      verify: (context, input) => verifyCredential({ ...context, snapshot: cell.current }, input),
      registry: controlRegistry,
      metrics: createHttpMetrics(controlRegistry, 'control'),
      logger,
      readiness,
      trustedProxies: config.trustedProxies,
    },
    config.control,
  )
  const scheduler = stack.use(
    new Scheduler({
      cell,
      nowMs,
      claim: (run) => store.claimRun({ ...run, finishedAtMs: null, outcome: null }),
      finish: (run, finishedAtMs, outcome) => store.finishRun({ ...run, finishedAtMs, outcome }),
      run: (view, deployment, dueAtMs) => gateway.runScheduled(view, deployment, dueAtMs),
      onFault: (err, run) => logger.error({ err, ...run }, 'a scheduled run could not be taken or noted'),
      onMissedRun: (run) => logger.warn(run, 'a scheduled run was missed: it could not start in time'),
    }),
  )
  scheduler.start()
  // All at once: together they have no more time than one of them.
  stack.defer(async () => {
    await Promise.all([control.close(drainMs), scheduler.close(drainMs), gateway.close(drainMs)])
  })

  const isSetUp = (await store.read.organizations.first()) !== undefined
  const parts = stack.move()
  return {
    controlUrl: control.url,
    gatewayUrl: gateway.url,
    isSetUp,
    async [Symbol.asyncDispose]() {
      await parts.disposeAsync()
    },
  }
}

function storeSettings({ databaseUrl, dataFolder }: Config): StoreSettings {
  return databaseUrl === null
    ? { kind: 'sqlite', file: join(dataFolder, DATABASE_FILE) }
    : { kind: 'postgres', url: databaseUrl }
}
