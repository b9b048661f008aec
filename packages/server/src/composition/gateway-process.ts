import type { DestinationStream } from 'pino'
import type { CurrentStream } from '../fleet/gateway/current-stream.ts'
import { registerGatewayMetrics } from '../fleet/gateway/gateway-metrics.ts'
import type { NodeFunctions } from '../fleet/stream/stream-functions.ts'
import { keepRequestsYoung } from '../startup/garbage-collection.ts'
import { GATEWAY_PORT, listenProblem } from '../startup/ports.ts'
import { orStartError } from '../startup/start-error.ts'
import { GatewayState } from '../threads/gateway-state.ts'
import { processClock } from '../threads/process-clock.ts'
import { remoteRuns, type MemberProcessOptions } from './fleet-member.ts'
import { startGatewayNode, type GatewayNode, type GatewayReports } from './gateway.ts'
import { openSharedLimits } from './shared-limits.ts'
import { openStreamedMember } from './streamed-member.ts'

export interface GatewayProcessOptions extends MemberProcessOptions {
  /** Where the logger writes its lines. */
  readonly logDestination: DestinationStream
}

/** A gateway without a database that listens. Disposing waits for the requests in progress. */
export interface RunningGateway extends AsyncDisposable {
  readonly gatewayUrl: string
}

/**
 * Starts a gateway that is fed by control nodes. It listens when it has its first snapshot.
 *
 * @throws StartError that names the settings to correct
 */
export async function startGatewayProcess({
  config,
  logger,
  logDestination,
  drainMs,
  beforeListening,
}: GatewayProcessOptions): Promise<RunningGateway> {
  await using stack = new AsyncDisposableStack()
  keepRequestsYoung()
  const nowMs = Date.now
  const monotonicMs = processClock()
  const state = config.gatewayThreads > 1 ? GatewayState.create(config.gatewayThreads) : undefined
  let listening: GatewayNode | undefined
  const member = stack.use(
    await openStreamedMember({
      config,
      role: 'gateway',
      logger,
      nowMs,
      monotonicMs,
      state,
      threads: config.gatewayThreads,
      ports: [[config.gateway, GATEWAY_PORT]],
      openExchanges: () => listening?.openExchanges ?? 0,
    }),
  )
  const { identity, keys, snapshot, current } = member
  // Until then a signal ends the process at once: the control nodes can be away for long.
  await member.loaded
  beforeListening?.()
  const counterKey = (name: string): string => keys.counterKey(name)
  const limits = await openSharedLimits({ config, logger, monotonicMs, counterKey })
  if (limits !== undefined) stack.use(limits)
  const gateway = stack.use(
    await orStartError(
      startGatewayNode({
        config,
        logger,
        nowMs,
        monotonicMs,
        sealer: keys,
        importedKeyId: (digest) => keys.importedKeyId(digest),
        snapshot,
        limits,
        reports: reportsTo(current),
        registerMetrics(registry) {
          const link = {
            get isConnected() {
              return current.isConnected
            },
            get clockOffsetMs() {
              return member.link.clockOffsetMs
            },
          }
          registerGatewayMetrics(registry, { snapshot: member.streamed, link, nowMs })
        },
        id: identity.id,
        threads: state && {
          config,
          state,
          keys: { kind: 'fleet', keys: keys.known },
          whenOver: 'by-environment',
          log: (lines) => logDestination.write(lines),
        },
      }),
      (error) => listenProblem(error, config.gateway, GATEWAY_PORT),
    ),
  )
  listening = gateway
  // After its last requests, and before their counts are sent.
  stack.defer(() => member.link.hurry())
  stack.defer(async () => await gateway.close(drainMs))
  const parts = stack.move()
  return { gatewayUrl: gateway.url, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}

/** Sends the reports of the gateway over the stream that there is. */
function reportsTo(current: CurrentStream<NodeFunctions>): GatewayReports {
  return {
    addUsage: async (rows, report) => await current.remote.addUsage(rows, report),
    addRequests: async (records) => await current.remote.addRequests(records),
    runs: remoteRuns(current),
  }
}
