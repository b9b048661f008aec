import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { lowerThreadPriority } from '../priority/thread-priority.ts'
import { openStore } from '../store/open.ts'
import { createLogger } from '../telemetry/logger.ts'
import { openControlFleet } from './control-fleet.ts'
import { startControlPlane, type ControlPlane } from './control-plane.ts'
import { watchPeers } from './fleet.ts'
import { openSealer } from './master-key.ts'
import { storeSettings } from './store-settings.ts'
import type { ControlCalls, ControlThreadData, GatewayCalls } from './control-calls.ts'
import { callsOver } from '../threads/thread-calls.ts'

// The program of the thread that `startControlThread` starts: the control plane, with a store of its own.

if (parentPort === null) throw new Error('This file is the program of a thread')
const { config, setupToken, gatewayId, hasGateway } = workerData as ControlThreadData
const nowMs = Date.now
const monotonicMs = (): number => performance.now()
const stack = new AsyncDisposableStack()
let controlPlane: ControlPlane | undefined

if (hasGateway) lowerThreadPriority()

const calls: ControlCalls = {
  async start(gatewayUrl) {
    const store = stack.use(await openStore(storeSettings(config, nowMs)))
    stack.defer(store.feed.onChange(() => void gateway.changed.asEvent()))
    const sealer = await openSealer(config, store.masterKeyCheck, nowMs)
    const peers =
      config.databaseUrl === null
        ? undefined
        : watchPeers({ id: gatewayId, store, config, logger, monotonicMs })
    if (peers !== undefined) stack.use(peers)
    const fleet = stack.use(
      openControlFleet({ store, config, sealer, logger, nowMs, monotonicMs, requests: gateway }),
    )
    controlPlane = stack.use(
      await startControlPlane({
        config,
        logger,
        nowMs,
        monotonicMs,
        instanceId: gatewayId,
        setupToken,
        sealer,
        importedKeyId: sealer.importedKeyId,
        store,
        decisions: gateway,
        requests: gateway,
        gateways: {
          url: () => config.gatewayUrl ?? gatewayUrl,
          members: [gateway],
          peers: [...(peers === undefined ? [] : [peers]), fleet.enrolled],
        },
        streams: fleet.streams,
        registerMetrics: (registry) => fleet.registerMetrics(registry),
      }),
    )
    await peers?.untilNoticed()
    // The next start is faster, also if this process is killed.
    flushCompileCache()
    return controlPlane.url
  },
  async close(drainMs) {
    await controlPlane?.close(drainMs)
  },
  async end() {
    await stack.disposeAsync()
  },
}
const gateway = callsOver<GatewayCalls, ControlCalls>(parentPort, calls)
// One thread writes the log, so that no two records are mixed.
const logger = createLogger(config.logLevel, { write: (line) => void gateway.log.asEvent(line) })
