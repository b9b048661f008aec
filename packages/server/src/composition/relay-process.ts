import { join } from 'node:path'
import { Registry } from 'prom-client'
import { AttachedGateways } from '../fleet/node/attached-gateways.ts'
import { openStreamServer } from '../fleet/node/stream-server.ts'
import { RelayFeed } from '../fleet/relay/relay-feed.ts'
import { registerRelayMetrics } from '../fleet/relay/relay-metrics.ts'
import { startRelayServer } from '../fleet/relay/relay-server.ts'
import type { NodeFunctions, RelayFunctions } from '../fleet/stream/stream-functions.ts'
import { SPOKEN_BY_RELAY } from '../fleet/stream/versions.ts'
import { CONTROL_PORT, listenProblem } from '../startup/ports.ts'
import { orStartError } from '../startup/start-error.ts'
import { VERSION } from '../startup/version.ts'
import { registerProcessMetrics, registerThreadMetrics } from '../telemetry/process-metrics.ts'
import {
  identityProblem,
  linkToControl,
  openFleetMember,
  remoteRuns,
  type MemberProcessOptions,
} from './fleet-member.ts'
import { newGatewayId } from './gateway.ts'

/** The file of the snapshot in the data folder. */
const SNAPSHOT_FILE = 'relay.snapshot'

/** A relay that listens. Disposing ends its streams, whose gateways go elsewhere. */
export interface RunningRelay extends AsyncDisposable {
  readonly relayUrl: string
}

const monotonicMs = (): number => performance.now()

/**
 * Starts a relay: it has one stream to a control node, and streams to gateways that are further out.
 *
 * @throws StartError that names the settings to correct
 */
export async function startRelayProcess({
  config,
  logger,
  beforeListening,
}: MemberProcessOptions): Promise<RunningRelay> {
  await using stack = new AsyncDisposableStack()
  const nowMs = Date.now
  const ports = [[config.control, CONTROL_PORT]] as const
  const { identity, keys, key } = await openFleetMember(config, ports, 'relay', nowMs)
  const registry = new Registry()
  registerThreadMetrics(registry, nowMs)
  registerProcessMetrics(registry)
  let leaseMs = 0
  let isConnected = false
  const connected = Promise.withResolvers<void>()
  const feed = stack.use(
    await orStartError(
      RelayFeed.open({
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
          openExchanges: streams.size,
        }),
        onLost: (gateways) => attached.forget(gateways),
      }),
      identityProblem,
    ),
  )
  const link = linkToControl<NodeFunctions & RelayFunctions>({
    identity,
    keys,
    config,
    role: 'relay',
    logger,
    nowMs,
    versions: SPOKEN_BY_RELAY,
    onBlock: (block, purpose) => feed.receive(block, purpose),
    async follow(stream) {
      leaseMs = stream.leaseMs
      isConnected = true
      connected.resolve()
      await feed.follow(stream)
      isConnected = false
    },
  })
  const { current } = link
  const attached = new AttachedGateways({
    attachments: {
      report: async (positions) => await current.remote.reportGateways(positions),
      markPast: async (gateway, number) => await current.remote.endGateway(gateway, number),
    },
    leaseMs: () => leaseMs,
    monotonicMs,
    nowMs,
    onFault: (err) => logger.warn({ err }, 'what gateways have reported was not passed on'),
  })
  const streams = openStreamServer({
    feed,
    attached,
    monotonicMs,
    nowMs,
    logger,
    spool: {
      read: async (send, reads) => await feed.readAll(send, reads),
      keep: async (send, reads) => await feed.keep(send, reads),
      forget: async () => await Promise.resolve(),
    },
    attachments: { attach: async (id) => (await current.remote.attachGateway(id)) ?? undefined },
    addUsage: async (rows, report) => await current.remote.addUsage(rows, report),
    addRequests: async (gateway, records) => await current.remote.addGatewayRequests(gateway, records),
    enrolments: {
      find: async (digest) => (await current.remote.findGateway(digest)) ?? undefined,
      // A control node of an older release has no such function. Then the role is not compared.
      roleOfToken: async (token) => (await current.remote.roleOfToken(token).catch(() => null)) ?? undefined,
      enrol: async (token, { credentialDigest }) =>
        (await current.remote.enrolGateway(token, credentialDigest)) ?? undefined,
      replaceCredential: async (id, from, to) => await current.remote.replaceGatewayCredential(id, from, to),
    },
    // A control node of an older release has no such function. Then the gateway is unknown.
    removalOf: async (digest) => (await current.remote.removalOf(digest).catch(() => null)) ?? undefined,
    runs: remoteRuns(current),
    shared: () => keys.known,
    leaseMs: () => leaseMs,
    newId: newGatewayId,
    versions: SPOKEN_BY_RELAY,
  })
  registerRelayMetrics(registry, { streams, attached, feed, isConnected: () => isConnected })
  // What its gateways have reported last is passed on before its own stream ends.
  stack.use(link)
  stack.use(attached)
  beforeListening?.()
  // Without a control node, it knows no gateway.
  await Promise.race([connected.promise, link.refused])
  const { host, port } = config.control
  const server = stack.use(
    await orStartError(
      startRelayServer({ host, port, streams, registry, isReady: () => isConnected }),
      (error) => listenProblem(error, config.control, CONTROL_PORT),
    ),
  )
  // Before the server, which is closed only when no stream is left.
  stack.defer(() => streams.close())
  stack.defer(() => link.hurry())
  const parts = stack.move()
  return { relayUrl: server.url, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}
