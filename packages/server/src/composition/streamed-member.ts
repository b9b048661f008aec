import { join } from 'node:path'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { CurrentStream } from '../fleet/gateway/current-stream.ts'
import { GrantedLease } from '../fleet/gateway/granted-lease.ts'
import type { Identity } from '../fleet/gateway/identity.ts'
import type { SharedKeys } from '../fleet/gateway/shared-keys.ts'
import { StreamedSnapshot } from '../fleet/gateway/streamed-snapshot.ts'
import type { NodeFunctions } from '../fleet/stream/stream-functions.ts'
import { SPOKEN } from '../fleet/stream/versions.ts'
import { orStartError } from '../startup/start-error.ts'
import { VERSION } from '../startup/version.ts'
import type { GatewayState } from '../threads/gateway-state.ts'
import {
  endedSoon,
  identityProblem,
  linkToControl,
  openFleetMember,
  type MemberLink,
} from './fleet-member.ts'
import { decidingBy, type FollowedSnapshot } from './followed-snapshot.ts'

/** After how long the log says that there is no first snapshot yet, in ms. */
const WAITING_SAID_MS = 2_000

/** The file of the snapshot in the data folder. */
const SNAPSHOT_FILE = 'gateway.snapshot'

export interface StreamedMemberDeps {
  readonly config: Pick<Config, 'controlUrls' | 'dataFolder' | 'enrolmentToken' | 'masterKey'>
  readonly role: 'gateway' | 'gate'
  /** The ports that it will listen on. */
  readonly ports: Parameters<typeof openFleetMember>[1]
  readonly logger: Logger
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** How many exchanges are open. */
  readonly openExchanges: () => number
  /** How many threads decide. */
  readonly threads?: number
  /** What they share, if there are several. */
  readonly state?: GatewayState | undefined
}

/** A process without a database that decides on a snapshot which control nodes stream. Disposing ends its lease first. */
export interface StreamedMember extends AsyncDisposable {
  readonly identity: Identity
  readonly keys: SharedKeys
  readonly snapshot: FollowedSnapshot
  /** The same with its file and its lease. */
  readonly streamed: StreamedSnapshot
  readonly link: Pick<MemberLink<NodeFunctions>, 'clockOffsetMs' | 'hurry'>
  readonly current: CurrentStream<NodeFunctions>
  /** Resolves when the first snapshot is in force. @throws StartError when a control node does not know the process */
  readonly loaded: Promise<void>
}

/** Opens the identity and the snapshot of a data folder, and connects to control nodes. @throws StartError */
export async function openStreamedMember({
  config,
  role,
  ports,
  logger,
  nowMs,
  monotonicMs,
  openExchanges,
  threads = 1,
  state,
}: StreamedMemberDeps): Promise<StreamedMember> {
  await using stack = new AsyncDisposableStack()
  const { identity, keys, key } = await openFleetMember(config, ports, role, nowMs)
  const snapshot: StreamedSnapshot = stack.use(
    await orStartError(
      StreamedSnapshot.open({
        publicKey: identity.publicKey,
        path: join(config.dataFolder, SNAPSHOT_FILE),
        key,
        monotonicMs,
        nowMs,
        logger,
        lease: new GrantedLease(monotonicMs, state?.leaseEnd, state?.removed),
        upToDateAt: state?.upToDateAt,
        facts: () => ({
          version: VERSION,
          threads,
          clockOffsetMs: link.clockOffsetMs,
          openExchanges: openExchanges(),
        }),
      }),
      identityProblem,
    ),
  )
  if (identity.isRemoved) snapshot.lease.remove()
  const link: MemberLink<NodeFunctions> = stack.use(
    linkToControl<NodeFunctions>({
      identity,
      keys,
      config,
      role,
      logger,
      nowMs,
      versions: SPOKEN,
      onRemoval: (isRemoved) => (isRemoved ? snapshot.lease.remove() : snapshot.lease.readmit()),
      onBlock: (block, purpose) => snapshot.receive(block, purpose),
      follow: async (stream) => await snapshot.follow(stream),
    }),
  )
  // While the stream is there: receipts then need not wait until the lease is over.
  stack.defer(async () => {
    snapshot.lease.end()
    await endedSoon(async () => await link.current.remote.end())
  })
  const waiting = setTimeout(() => {
    logger.warn(
      { control: config.controlUrls },
      `this ${role} has no snapshot yet, and no control node has given it one; it tries again until it has one. Check the URL, and whether a control node or relay answers there`,
    )
  }, WAITING_SAID_MS)
  stack.defer(() => clearTimeout(waiting))
  const loaded = Promise.race([snapshot.loaded, link.refused]).then(() => {
    clearTimeout(waiting)
    logger.info({ revision: snapshot.position.revision }, 'the first snapshot is in force')
  })
  const parts = stack.move()
  return {
    identity,
    keys,
    snapshot: followed(snapshot, monotonicMs),
    streamed: snapshot,
    link,
    current: link.current,
    loaded,
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

function followed({ cell, lease }: StreamedSnapshot, monotonicMs: () => number): FollowedSnapshot {
  return {
    cell,
    ...decidingBy(cell, lease, monotonicMs),
    // Changes arrive by themselves, and receipts come from the control node.
    poll: () => undefined,
    waitForRevision: async (revision) => await Promise.resolve(cell.current.revision >= revision),
    [Symbol.asyncDispose]: async () => await Promise.resolve(),
  }
}
