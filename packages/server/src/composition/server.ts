import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { openStore, type StoreSettings } from '../store/open.ts'
import type { Store } from '../store/port/store.ts'
import { lockFolder } from '../store/sqlite/folder-lock.ts'
import { startControlPlane } from './control-plane.ts'
import { followSnapshot } from './followed-snapshot.ts'
import { joinFleet } from './fleet.ts'
import { newGatewayId, startGatewayNode, type GatewayReports } from './gateway.ts'
import { openSealer } from './master-key.ts'

/** The database's file in the data folder. */
const DATABASE_FILE = 'sallyport.db'

/** How long a start waits until the other gateways have noticed this process, in ms. They look once a second. */
const NOTICE_MS_MAX = 3_000

export interface ServerOptions {
  readonly config: Config
  readonly logger: Logger
  /** Opens `POST /v1/setup` while no organization exists. */
  readonly setupToken: string
  /** How long requests in progress may take to finish when the server stops, in ms. */
  readonly drainMs: number
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
 * @throws errors of starting, such as a port in use or a database that cannot be opened
 */
export async function startServer({
  config,
  logger,
  setupToken,
  drainMs,
}: ServerOptions): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack()
  const nowMs = Date.now
  if (config.databaseUrl === null) stack.use(lockFolder(config.dataFolder, nowMs))
  const store = stack.use(await openStore({ ...storeSettings(config), nowMs }))
  const sealer = await openSealer(config, store.masterKeyCheck, nowMs)
  const id = newGatewayId()
  const fleet = config.databaseUrl === null ? undefined : joinFleet({ id, store, logger, nowMs, monotonicMs })
  if (fleet !== undefined) stack.use(fleet.peers)
  const snapshot = stack.use(
    await followSnapshot({ feed: store.feed, monotonicMs, logger, lease: fleet?.lease }),
  )
  const gateway = stack.use(
    await startGatewayNode({
      config,
      logger,
      nowMs,
      monotonicMs,
      sealer,
      snapshot,
      reports: reportsTo(store),
      id,
    }),
  )
  const control = stack.use(
    await startControlPlane({
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
  )
  await fleet?.peers.waitUntilNoticed(NOTICE_MS_MAX)
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

function storeSettings({ databaseUrl, dataFolder }: Config): StoreSettings {
  return databaseUrl === null
    ? { kind: 'sqlite', file: join(dataFolder, DATABASE_FILE) }
    : { kind: 'postgres', url: databaseUrl }
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
