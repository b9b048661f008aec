import { Problem } from '@sallyport/core'
import type { DestinationStream, Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { MASTER_KEY_FILE } from '../crypto/master-key.ts'
import type { SettingProblem } from '../config/config-error.ts'
import type { DatabaseRole } from '../config/role-settings.ts'
import { RecentRequests, windowOf } from '../requests/recent-requests.ts'
import { checkStart } from '../startup/check-start.ts'
import { keepRequestsYoung } from '../startup/garbage-collection.ts'
import { databaseProblem } from '../startup/database-problem.ts'
import { asInstallationError } from '../startup/installed-files.ts'
import { CONTROL_PORT, GATEWAY_PORT, listenProblem } from '../startup/ports.ts'
import { orStartError, StartError } from '../startup/start-error.ts'
import { systemReason } from '../startup/system-errors.ts'
import { openStore } from '../store/open.ts'
import type { Store } from '../store/port/store.ts'
import { reachPostgres } from '../store/postgres/reach.ts'
import { lockFolder } from '../store/sqlite/folder-lock.ts'
import { GatewayState } from '../threads/gateway-state.ts'
import { processClock } from '../threads/process-clock.ts'
import { startControlThread } from './control-thread.ts'
import { openDecisions } from './decisions.ts'
import { environmentsByHost } from '../config/environments-by-host.ts'
import { followSnapshot } from './followed-snapshot.ts'
import { openLease } from './fleet.ts'
import { memberOf, newGatewayId, startGatewayNode, type GatewayReports } from './gateway.ts'
import { openSealer } from './master-key.ts'
import { openSharedLimits } from './shared-limits.ts'
import { scheduleRunsOf } from './schedule-runs.ts'
import { DATABASE_FILE, databaseFile, storeSettings } from './store-settings.ts'

/** The gateway reads changes, renews its lease and saves counts: one statement at a time of each. */
const GATEWAY_CONNECTIONS = 3

export interface ServerOptions {
  readonly config: Config
  /** `control` for a server without a gateway. */
  readonly role: DatabaseRole
  readonly logger: Logger
  /** Where the logger writes its lines. */
  readonly logDestination: DestinationStream
  /** Opens `POST /v1/setup` while no organization exists. */
  readonly setupToken: string
  /** How long requests in progress may take to finish when the server stops, in ms. */
  readonly drainMs: number
  /** Called when the start-up work is done and the server begins to accept requests. */
  readonly beforeListening?: () => void
}

/** A control plane and a gateway that listen. Disposing waits for the requests in progress. */
export interface RunningServer extends AsyncDisposable {
  readonly controlUrl: string
  /** Null without a gateway. */
  readonly gatewayUrl: string | null
  /** Whether an organization existed when the server started. */
  readonly isSetUp: boolean
}

/**
 * Starts a gateway in this thread, unless the role is `control`, and a control plane in another one, so that its work does not
 * delay the gateway's requests. Each thread has a store of its own on the database. This one has the snapshot, which the
 * control plane asks about.
 *
 * @throws StartError that names the settings to correct, such as a port in use or a database that cannot be opened
 */
export async function startServer({
  config,
  role,
  logger,
  logDestination,
  setupToken,
  drainMs,
  beforeListening,
}: ServerOptions): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack()
  keepRequestsYoung()
  const nowMs = Date.now
  const monotonicMs = processClock()
  await checkAll(config, role !== 'control')
  if (config.databaseUrl === null) {
    const lock = await orStartError(
      Promise.try(() => lockFolder(config.dataFolder, nowMs)),
      (error) => ({ variable: 'SALLYPORT_DATA', message: systemReason(error) }),
    )
    stack.use(lock)
  }
  const asDatabaseProblem = (error: unknown): SettingProblem =>
    databaseProblem(error, config, databaseFile(config))
  const store = stack.use(
    await orStartError(openStore(storeSettings(config, nowMs, GATEWAY_CONNECTIONS)), asDatabaseProblem),
  )
  if (role === 'control' && config.databaseUrl === null)
    logger.info(
      { file: databaseFile(config) },
      'this control node has its data in a file of its own, since SALLYPORT_DATABASE_URL is not set: no other control node shares it',
    )
  const sealer = await orStartError(openSealer(config, store.masterKeyCheck, nowMs), (error) =>
    error instanceof Problem ? asDatabaseProblem(error) : masterKeyProblem(error, config),
  )
  const id = newGatewayId()
  const hasThreads = role !== 'control' && config.gatewayThreads > 1
  const state = hasThreads ? GatewayState.create(config.gatewayThreads) : undefined
  const { leaseEnd: ends, upToDateAt } = state ?? {}
  const lease =
    config.databaseUrl === null
      ? undefined
      : openLease({
          id,
          role: role === 'control' ? 'control' : 'gateway',
          store,
          config,
          logger,
          nowMs,
          monotonicMs,
          ends,
        })
  const snapshot = stack.use(
    await orStartError(
      followSnapshot({ feed: store.feed, monotonicMs, logger, lease, upToDateAt }),
      asDatabaseProblem,
    ),
  )
  const { importedKeyId, counterKey } = sealer
  const limits =
    role === 'control' ? undefined : await openSharedLimits({ config, logger, monotonicMs, counterKey })
  if (limits !== undefined) stack.use(limits)
  beforeListening?.()
  const gateway =
    role === 'control'
      ? null
      : stack.use(
          await orStartError(
            startGatewayNode({
              config,
              logger,
              nowMs,
              monotonicMs,
              sealer,
              importedKeyId,
              snapshot,
              limits,
              reports: reportsTo(store),
              id,
              threads: state && {
                config,
                state,
                keys: sealer.gatewayKeys,
                whenOver: lease?.whenOver ?? null,
                log: (lines) => logDestination.write(lines),
              },
            }),
            (error) => listenProblem(error, config.gateway, GATEWAY_PORT),
          ),
        )
  const { upstreamAllow } = config
  const hosts = environmentsByHost(config.hosts)
  const decisions = stack.use(
    openDecisions({ snapshot, nowMs, monotonicMs, logger, importedKeyId, upstreamAllow, hosts }),
  )
  const control = stack.use(
    startControlThread(
      { config, setupToken, gatewayId: id, hasGateway: gateway !== null },
      {
        ...(gateway?.member ?? memberOf({ id, role, snapshot, nowMs, openExchanges: () => 0, threads: 1 })),
        ...(gateway?.requests ?? windowOf(id, new RecentRequests(), false)),
        ...decisions,
        changed: () => snapshot.poll(),
        log: (line) => logDestination.write(line),
      },
    ),
  )
  const started = control.start(gateway?.url ?? config.gatewayUrl ?? '').catch((error: unknown) => {
    throw asInstallationError(error)
  })
  const controlUrl = await orStartError(started, (error) =>
    error instanceof Problem ? asDatabaseProblem(error) : listenProblem(error, config.control, CONTROL_PORT),
  )
  // Concurrently, so that both together take no longer than one of them.
  stack.defer(async () => {
    await Promise.all([control.close(drainMs), gateway?.close(drainMs)])
  })
  const isSetUp = (await store.read.organizations.first()) !== undefined
  const parts = stack.move()
  return {
    controlUrl,
    gatewayUrl: gateway?.url ?? null,
    isSetUp,
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** @throws StartError that also covers the database, so that the operator can correct everything together */
async function checkAll(config: Config, hasGateway: boolean): Promise<void> {
  const { databaseUrl } = config
  const database = databaseUrl === null ? DATABASE_FILE : null
  const problems = await checkStart(config, { masterKey: MASTER_KEY_FILE, database }, hasGateway)
  if (problems.length === 0) return
  if (databaseUrl !== null) {
    await reachPostgres(databaseUrl).catch((error: unknown) => {
      problems.push(databaseProblem(error, config, ''))
    })
  }
  throw new StartError(problems)
}

function masterKeyProblem(error: unknown, { masterKey }: Config): SettingProblem {
  const variable = masterKey === null ? 'SALLYPORT_DATA' : 'SALLYPORT_MASTER_KEY'
  return { variable, message: systemReason(error) }
}

/** Saves the reports of a gateway in the same process directly. */
function reportsTo(store: Store): GatewayReports {
  return {
    addUsage: async (rows, report) => {
      await store.receiveUsage(rows, report)
    },
    runs: scheduleRunsOf(store),
  }
}
