import { join } from 'node:path'
import type { CurrentStream } from '../fleet/gateway/current-stream.ts'
import { registerGatewayMetrics } from '../fleet/gateway/gateway-metrics.ts'
import { StreamedSnapshot } from '../fleet/gateway/streamed-snapshot.ts'
import type { NodeFunctions } from '../fleet/stream/stream-functions.ts'
import { keepRequestsYoung } from '../startup/garbage-collection.ts'
import { GATEWAY_PORT, listenProblem } from '../startup/ports.ts'
import { orStartError } from '../startup/start-error.ts'
import { VERSION } from '../startup/version.ts'
import {
  endedSoon,
  linkToControl,
  openFleetMember,
  remoteRuns,
  type MemberLink,
  type MemberProcessOptions,
} from './fleet-member.ts'
import { decidingBy, type FollowedSnapshot } from './followed-snapshot.ts'
import { openSharedLimits } from './shared-limits.ts'
import { startGatewayNode, type GatewayNode, type GatewayReports } from './gateway.ts'

/** The file of the snapshot in the data folder. */
const SNAPSHOT_FILE = 'gateway.snapshot'

/** A gateway without a database that listens. Disposing waits for the requests in progress. */
export interface RunningGateway extends AsyncDisposable {
  readonly gatewayUrl: string
}

const monotonicMs = (): number => performance.now()

/**
 * Starts a gateway that is fed by control nodes. It listens when it has its first snapshot.
 *
 * @throws StartError that names the settings to correct
 */
export async function startGatewayProcess({
  config,
  logger,
  drainMs,
  beforeListening,
}: MemberProcessOptions): Promise<RunningGateway> {
  await using stack = new AsyncDisposableStack()
  keepRequestsYoung()
  const nowMs = Date.now
  const member = await openFleetMember(config, [[config.gateway, GATEWAY_PORT]], nowMs)
  const { identity, keys, key } = member
  let listening: GatewayNode | undefined
  const snapshot: StreamedSnapshot = stack.use(
    await StreamedSnapshot.open({
      publicKey: identity.publicKey,
      path: join(config.dataFolder, SNAPSHOT_FILE),
      key,
      monotonicMs,
      nowMs,
      logger,
      facts: () => ({
        version: VERSION,
        threads: 1,
        clockOffsetMs: link.clockOffsetMs,
        openExchanges: listening?.openExchanges ?? 0,
      }),
    }),
  )
  const link: MemberLink<NodeFunctions> = stack.use(
    linkToControl<NodeFunctions>({
      identity,
      keys,
      config,
      logger,
      nowMs,
      onBlock: (block, purpose) => snapshot.receive(block, purpose),
      follow: async (stream) => await snapshot.follow(stream),
    }),
  )
  const counterKey = (name: string): string => keys.counterKey(name)
  const limits = await openSharedLimits({ config, logger, monotonicMs, counterKey })
  if (limits !== undefined) stack.use(limits)
  // While the stream is there: receipts then need not wait until the lease is over.
  stack.defer(async () => {
    snapshot.lease.end()
    await endedSoon(async () => await link.current.remote.end())
  })
  beforeListening?.()
  await Promise.race([snapshot.loaded, link.refused])
  logger.info({ revision: snapshot.position.revision }, 'the first snapshot is in force')
  const gateway = stack.use(
    await orStartError(
      startGatewayNode({
        config,
        logger,
        nowMs,
        monotonicMs,
        sealer: keys,
        importedKeyId: (digest) => keys.importedKeyId(digest),
        snapshot: followed(snapshot),
        limits,
        reports: reportsTo(link.current),
        registerMetrics(registry) {
          const measured = {
            get isConnected() {
              return link.current.isConnected
            },
            get clockOffsetMs() {
              return link.clockOffsetMs
            },
          }
          registerGatewayMetrics(registry, { snapshot, link: measured, nowMs })
        },
        id: identity.id,
      }),
      (error) => listenProblem(error, config.gateway, GATEWAY_PORT),
    ),
  )
  listening = gateway
  stack.defer(async () => await gateway.close(drainMs))
  const parts = stack.move()
  return { gatewayUrl: gateway.url, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}

function followed(snapshot: StreamedSnapshot): FollowedSnapshot {
  const { cell, lease } = snapshot
  return {
    cell,
    ...decidingBy(cell, lease, monotonicMs),
    // Changes arrive by themselves, and receipts come from the control node.
    poll: () => undefined,
    waitForRevision: async (revision) => await Promise.resolve(cell.current.revision >= revision),
    [Symbol.asyncDispose]: async () => await Promise.resolve(),
  }
}

/** Sends the reports of the gateway over the stream that there is. */
function reportsTo(current: CurrentStream<NodeFunctions>): GatewayReports {
  return {
    addUsage: async (rows) => await current.remote.addUsage(rows),
    addRequests: async (records) => await current.remote.addRequests(records),
    runs: remoteRuns(current),
  }
}
