import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import { openMasterKey } from '../crypto/master-key.ts'
import { seal, unseal, type Sealer } from '../crypto/seal.ts'
import { openStore, type StoreSettings } from '../store/open.ts'
import type { Store } from '../store/port/store.ts'
import { startControlPlane } from './control-plane.ts'
import { followSnapshot } from './followed-snapshot.ts'
import { startGatewayNode, type GatewayReports } from './gateway.ts'

/** The database's file in the data folder. */
const DATABASE_FILE = 'sallyport.db'

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
  const sealer = await openSealer(config)
  const store = stack.use(await openStore({ ...storeSettings(config), nowMs }))
  const snapshot = stack.use(await followSnapshot({ feed: store.feed, nowMs, logger }))
  const gateway = stack.use(
    await startGatewayNode({ config, logger, nowMs, sealer, snapshot, reports: reportsTo(store) }),
  )
  const control = stack.use(
    await startControlPlane({
      config,
      logger,
      nowMs,
      setupToken,
      sealer,
      store,
      snapshot,
      gateways: { url: () => config.gatewayUrl ?? gateway.url, members: [gateway.member] },
    }),
  )
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

async function openSealer({ dataFolder, masterKey }: Config): Promise<Sealer> {
  const key = await openMasterKey({
    folder: dataFolder,
    ...(masterKey === null ? {} : { base64: masterKey }),
  })
  return {
    seal: (text, context) => seal(key, text, context),
    unseal: (sealed, context) => unseal(key, sealed, context),
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
