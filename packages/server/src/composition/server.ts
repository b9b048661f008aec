import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { MASTER_KEY_FILE } from '../crypto/master-key.ts'
import type { SettingProblem } from '../config/config-error.ts'
import { checkStart } from '../startup/check-start.ts'
import { keepRequestsYoung } from '../startup/garbage-collection.ts'
import { databaseProblem } from '../startup/database-problem.ts'
import { CONTROL_PORT, GATEWAY_PORT, listenProblem } from '../startup/ports.ts'
import { orStartError, StartError } from '../startup/start-error.ts'
import { systemReason } from '../startup/system-errors.ts'
import { openStore, type StoreSettings } from '../store/open.ts'
import type { Store } from '../store/port/store.ts'
import { reachPostgres } from '../store/postgres/reach.ts'
import { lockFolder } from '../store/sqlite/folder-lock.ts'
import { startControlPlane } from './control-plane.ts'
import { followSnapshot } from './followed-snapshot.ts'
import { joinFleet } from './fleet.ts'
import { newGatewayId, startGatewayNode, type GatewayReports } from './gateway.ts'
import { openSealer } from './master-key.ts'

/** The database's file in the data folder. */
const DATABASE_FILE = 'sallyport.db'

/** The part of the write deadline that is left for the rest of the request, in ms. */
const ANSWER_MS = 1_000
const SECOND_MS = 1000

export interface ServerOptions {
  readonly config: Config
  readonly logger: Logger
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
  readonly gatewayUrl: string
  /** Whether an organization existed when the server started. */
  readonly isSetUp: boolean
}

const monotonicMs = (): number => performance.now()

/**
 * Starts a control plane and a gateway in one process. They share the sealer, the snapshot that follows the store's feed,
 * the clock and the logger.
 *
 * @throws StartError that names the settings to correct, such as a port in use or a database that cannot be opened
 */
export async function startServer({
  config,
  logger,
  setupToken,
  drainMs,
  beforeListening,
}: ServerOptions): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack()
  keepRequestsYoung()
  const nowMs = Date.now
  await checkAll(config)
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
    await orStartError(
      openStore({
        ...storeSettings(config),
        nowMs,
        writeMsMax: config.writeDeadlineSeconds * SECOND_MS - ANSWER_MS,
      }),
      asDatabaseProblem,
    ),
  )
  const sealer = await orStartError(openSealer(config, store.masterKeyCheck, nowMs), (error) =>
    masterKeyProblem(error, config),
  )
  const id = newGatewayId()
  const fleet =
    config.databaseUrl === null ? undefined : joinFleet({ id, store, config, logger, nowMs, monotonicMs })
  if (fleet !== undefined) stack.use(fleet.peers)
  const snapshot = stack.use(
    await orStartError(
      followSnapshot({ feed: store.feed, monotonicMs, logger, lease: fleet?.lease }),
      asDatabaseProblem,
    ),
  )
  beforeListening?.()
  const gateway = stack.use(
    await orStartError(
      startGatewayNode({
        config,
        logger,
        nowMs,
        monotonicMs,
        sealer,
        snapshot,
        reports: reportsTo(store),
        id,
      }),
      (error) => listenProblem(error, config.gateway, GATEWAY_PORT),
    ),
  )
  const control = stack.use(
    await orStartError(
      startControlPlane({
        config,
        logger,
        nowMs,
        monotonicMs,
        setupToken,
        sealer,
        store,
        snapshot,
        gateways: {
          url: () => config.gatewayUrl ?? gateway.url,
          members: [gateway.member],
          peers: fleet?.peers,
        },
      }),
      (error) => listenProblem(error, config.control, CONTROL_PORT),
    ),
  )
  await fleet?.untilNoticed()
  // Concurrently, so that both together take no longer than one of them.
  stack.defer(async () => {
    await Promise.all([control.close(drainMs), gateway.close(drainMs)])
  })
  const isSetUp = (await store.read.organizations.first()) !== undefined
  const parts = stack.move()
  return {
    controlUrl: control.url,
    gatewayUrl: gateway.url,
    isSetUp,
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** @throws StartError that also covers the database, so that the operator can correct everything together */
async function checkAll(config: Config): Promise<void> {
  const { databaseUrl } = config
  const database = databaseUrl === null ? DATABASE_FILE : null
  const problems = await checkStart(config, { masterKey: MASTER_KEY_FILE, database })
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

function storeSettings(config: Config): StoreSettings {
  const { databaseUrl } = config
  return databaseUrl === null
    ? { kind: 'sqlite', file: databaseFile(config) }
    : { kind: 'postgres', url: databaseUrl }
}

function databaseFile({ dataFolder }: Config): string {
  return join(dataFolder, DATABASE_FILE)
}

/** Saves the reports of a gateway in the same process directly. */
function reportsTo(store: Store): GatewayReports {
  return {
    addUsage: async (rows) => {
      await store.addUsage(rows)
    },
    claimRun: (run) => store.claimRun({ ...run, finishedAtMs: null, outcome: null }),
    finishRun: (run, finishedAtMs, outcome) => store.finishRun({ ...run, finishedAtMs, outcome }),
  }
}
