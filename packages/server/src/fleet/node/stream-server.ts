import type { IncomingMessage } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { Problem, problemBody } from '@sallyport/core'
import { WebSocketServer, type WebSocket } from 'ws'
import { endRefused } from '../../connections/half-close.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import type { SharedFleetKeys } from '../../crypto/derived/fleet-keys.ts'
import type { RequestRecord } from '../../requests/request-record.ts'
import type { ScheduleRuns } from '../../schedule/schedule-runs.ts'
import type { Store } from '../../store/port/store.ts'
import {
  FLEET_ROLES,
  type EnrolledGateway,
  type FleetRole,
  type GatewayEnrolments,
} from '../../store/port/fleet/enrolments.ts'
import { ENROLMENT_HEADER, isCredential, ROLE_HEADER } from '../stream/credentials.ts'
import { REMOVAL_HEADER } from '../stream/removal-proof.ts'
import type { GatewayFunctions, Greeting, NodeFunctions } from '../stream/stream-functions.ts'
import { STREAM_PATH, streamOver, type CloseReason } from '../stream/stream.ts'
import {
  agree,
  readVersions,
  versionsText,
  VERSIONS_HEADER,
  type SpokenVersions,
} from '../stream/versions.ts'
import { checkedFunctions } from './checked-functions.ts'
import { PeerReports } from './peer-reports.ts'
import { NO_RUNS } from './no-runs.ts'
import { RelayedGateways } from './relayed-gateways.ts'
import { GatewaySession, type GatewaySessionDeps } from './gateway-session.ts'

/** The longest message of a gateway, in bytes: a report of usage. */
const MESSAGE_BYTES_MAX = 64 * 1024 * 1024
/** How often it is checked that a gateway is still there, in ms. */
const PING_MS = 10_000
const SERVER_ERROR = 500
/** How long gateways may take to say that a stream has ended when the server ends, in ms. */
const CLOSING_MS_MAX = 1_000

/**
 * Peers whose credentials are looked up at a time. A relay asks its control node about each, and a stream has a maximum of calls in
 * progress: peers without a credential must not end it for all gateways of the relay. Those beyond try again.
 */
export const AUTHENTICATING_MAX = 4_096

/** The streams of a control node. */
export interface StreamServer {
  /** Whether a request asks for a stream. */
  accepts(request: IncomingMessage): boolean
  /** Begins a stream, or refuses it. */
  begin(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends what gateways have that were not enrolled at a time, by the monotonic clock: streams, and attachments over relays. */
  endUnknown(enrolled: ReadonlySet<string>, atMs: number): void
  /** How many gateways have a stream. */
  readonly size: number
  /** Ends all streams. Their gateways go to other nodes. */
  close(): void
}

export interface StreamServerDeps extends GatewaySessionDeps {
  readonly addUsage: Store['receiveUsage']
  readonly addRequests: (gateway: string, records: readonly RequestRecord[]) => Promise<void>
  readonly enrolments: Pick<GatewayEnrolments, 'enrol' | 'find' | 'replaceCredential' | 'roleOfToken'>
  /** See `removalProof`; undefined for a credential of no gateway that was removed. */
  readonly removalOf: (credentialDigest: string) => Promise<string | undefined>
  readonly runs: ScheduleRuns
  readonly shared: () => SharedFleetKeys
  /** How long a grant lasts, in ms. */
  readonly leaseMs: () => number
  /** A new id for a gateway. */
  readonly newId: () => string
  /** What this side speaks. */
  readonly versions: SpokenVersions
}

/** An open stream. */
interface Open {
  readonly begunAtMs: number
  readonly close: (reason: CloseReason, text: string) => void
  /** The gateways of a relay. */
  readonly relayed: RelayedGateways | null
}

export function openStreamServer(deps: StreamServerDeps): StreamServer {
  const { logger, nowMs } = deps
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: MESSAGE_BYTES_MAX,
    // Blocks are compressed already.
    perMessageDeflate: false,
  })
  const streams = new Map<string, Open>()
  /** The connections of all streams, also of those that the peer has not closed yet. */
  const connections = new Set<WebSocket>()
  const reports = new PeerReports(deps.monotonicMs)
  let isClosed = false
  let authenticating = 0

  /** What is wrong stays wrong until it is mended, and the peer tries again every few seconds. */
  function report({ address, gateway }: Peer, { code, detail }: Problem): void {
    if (!reports.due(gateway?.id ?? address)) return
    logger.warn(
      { gateway: gateway?.id, name: gateway?.name, address, code, reason: detail },
      'a gateway was refused; it is not named again for a minute',
    )
  }

  function serve({ gateway, credentialDigest, reads }: Authenticated, socket: WebSocket): void {
    const { id, name, role } = gateway
    const relayed = role === 'relay' ? new RelayedGateways(deps) : null
    const session = new GatewaySession(
      gateway,
      reads,
      async (block, purpose) => await stream.sendBlock(block, purpose),
      () => stream.close('again', 'the gateway could not be attached'),
      deps,
    )
    const stream = streamOver<GatewayFunctions, NodeFunctions>(socket, {
      functions: functionsFor(gateway, credentialDigest, session, relayed, deps),
      onBlock: () => stream.close('protocol', 'a gateway sends no blocks'),
    })
    // One stream at a time: what comes from an earlier one would be taken for the present.
    streams.get(id)?.close('refused', 'another stream of this gateway has begun')
    const open: Open = {
      begunAtMs: deps.monotonicMs(),
      relayed,
      close: (reason, text) => stream.close(reason, text),
    }
    streams.set(id, open)
    connections.add(socket)
    const endPings = watch(socket)
    logger.info({ gateway: id, name }, 'a gateway is connected')
    void stream.closed.then((reason) => {
      endPings()
      connections.delete(socket)
      session.close()
      if (streams.get(id) === open) streams.delete(id)
      logger.info({ gateway: id, name, reason }, 'a gateway is disconnected')
    })
    const { records, importedKeyIds, counters } = deps.shared()
    const greeting: Greeting = {
      id,
      name,
      versions: versionsText(deps.versions),
      leaseMs: deps.leaseMs(),
      nowMs: nowMs(),
      // A gate runs no pipeline and counts alone, so it opens no sealed value and names no shared counter.
      records: role === 'gate' ? '' : Buffer.from(records).toString('base64url'),
      importedKeyIds: Buffer.from(importedKeyIds).toString('base64url'),
      counters: role === 'gate' ? '' : Buffer.from(counters).toString('base64url'),
    }
    void stream.remote.greet.asEvent(greeting)
  }

  return {
    accepts: (request) => request.url === STREAM_PATH && /^websocket$/i.test(request.headers.upgrade ?? ''),
    begin(request, socket, head) {
      socket.on('error', () => socket.destroy())
      if (authenticating >= AUTHENTICATING_MAX) {
        refuse(socket, new Problem('unavailable'))
        return
      }
      authenticating += 1
      const peer: Peer = { address: request.socket.remoteAddress ?? '', gateway: undefined }
      const answer = authenticate(request, peer, deps).finally(() => (authenticating -= 1))
      answer.then(
        (authenticated) => {
          if (isClosed) refuse(socket, new Problem('unavailable'))
          else sockets.handleUpgrade(request, socket, head, (ws) => serve(authenticated, ws))
        },
        (error: unknown) => {
          if (!(error instanceof Problem)) logger.error({ err: error }, 'a gateway could not be identified')
          else if (error.status < SERVER_ERROR) report(peer, error)
          const headers = error instanceof RemovedGateway ? { [REMOVAL_HEADER]: error.proof } : {}
          refuse(socket, error instanceof Problem ? error : new Problem('unavailable'), headers)
        },
      )
    },
    endUnknown(enrolled, atMs) {
      for (const [id, { begunAtMs, close, relayed }] of streams) {
        relayed?.endUnknown(enrolled, atMs)
        if (begunAtMs < atMs && !enrolled.has(id)) close('refused', 'the gateway is not enrolled any more')
      }
    },
    get size() {
      return streams.size
    },
    close() {
      if (isClosed) return
      isClosed = true
      for (const stream of streams.values()) stream.close('going', 'the control node ends')
      setTimeout(() => {
        for (const connection of connections) connection.terminate()
      }, CLOSING_MS_MAX).unref()
    },
  }
}

/** Refuses a gateway that was removed, with the proof of it. */
class RemovedGateway extends Problem {
  readonly proof: string

  constructor(proof: string) {
    super('unauthenticated', { detail: 'The gateway was removed.' })
    this.proof = proof
  }
}

/** What asks for a stream. */
interface Peer {
  readonly address: string
  /** Undefined for a credential that is not known. */
  gateway: EnrolledGateway | undefined
}

/** A gateway that may have a stream. */
interface Authenticated {
  readonly gateway: EnrolledGateway
  readonly credentialDigest: string
  /** The highest version of the records that it reads. */
  readonly reads: number
}

/**
 * @throws Problem `unauthenticated` for an unknown credential without a usable enrolment token, `conflict` for a gateway that
 *   speaks no version that this side speaks, `permission_missing` for one that runs in another role than it enrols in
 */
async function authenticate(
  { headers }: IncomingMessage,
  peer: Peer,
  deps: StreamServerDeps,
): Promise<Authenticated> {
  const { enrolments, newId, nowMs, logger, versions } = deps
  const [, credential = ''] = /^Bearer (\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (!isCredential(credential))
    throw new Problem('unauthenticated', { detail: 'It has not sent the credential of a gateway.' })
  const credentialDigest = tokenDigest(credential)
  const known = await enrolments.find(credentialDigest)
  peer.gateway = known
  const runsAs = roleOf(headers)
  if (known !== undefined) {
    if (runsAs !== undefined && runsAs !== known.role)
      throw new Problem('permission_missing', {
        detail: `It has enrolled as a ${known.role}, and runs as a ${runsAs}. Start it as a ${known.role}, or with another data folder and a token of its own.`,
      })
    return { gateway: known, credentialDigest, reads: readsIn(headers, versions) }
  }
  const token = headers[ENROLMENT_HEADER]
  // A token that it still has does not bring it back.
  const proof = await deps.removalOf(credentialDigest)
  if (proof !== undefined) throw new RemovedGateway(proof)
  if (typeof token !== 'string')
    throw new Problem('unauthenticated', {
      detail: 'Its credential is unknown, and it has no enrolment token.',
    })
  // A token is not used up by a gateway that cannot have a stream.
  const reads = readsIn(headers, versions)
  const role = await enrolments.roleOfToken(tokenDigest(token))
  if (role !== undefined && runsAs !== undefined && runsAs !== role)
    throw new Problem('permission_missing', {
      detail: `The enrolment token is for a ${role}, and this process runs as a ${runsAs}. Make a token with --role ${runsAs}.`,
    })
  const gateway = await enrolments.enrol(tokenDigest(token), { id: newId(), credentialDigest }, nowMs())
  if (gateway === undefined)
    throw new Problem('unauthenticated', {
      detail: 'The enrolment token is unknown, used up or expired. Make a new one on a control node.',
    })
  logger.info({ gateway: gateway.id, name: gateway.name }, 'a gateway has enrolled')
  return { gateway, credentialDigest, reads }
}

/**
 * In which role a process runs, since receipts leave out a gateway that has enrolled as a relay. Undefined for releases that do
 * not say it.
 *
 * @throws Problem `invalid_request` for another text
 */
function roleOf(headers: IncomingMessage['headers']): FleetRole | undefined {
  const said = headers[ROLE_HEADER]
  if (said === undefined) return undefined
  const role = FLEET_ROLES.find((known) => known === said)
  if (role === undefined)
    throw new Problem('invalid_request', { detail: `The header ${ROLE_HEADER} names no role.` })
  return role
}

/** The highest version of the records that a gateway reads. @throws Problem `conflict` if there is no common version */
function readsIn(headers: IncomingMessage['headers'], versions: SpokenVersions): number {
  const said = headers[VERSIONS_HEADER]
  const spoken = readVersions(typeof said === 'string' ? said : undefined)
  if (spoken === undefined)
    throw new Problem('invalid_request', { detail: `The header ${VERSIONS_HEADER} cannot be read.` })
  const agreement = agree(versions, spoken)
  if (!('refusal' in agreement)) return spoken.records.highest
  throw new Problem('conflict', { detail: agreement.refusal })
}

function functionsFor(
  { id, role }: EnrolledGateway,
  credentialDigest: string,
  session: GatewaySession,
  relayed: RelayedGateways | null,
  deps: StreamServerDeps,
): NodeFunctions {
  const { addUsage, enrolments, runs } = deps
  let present = credentialDigest
  const functions = checkedFunctions({
    ...(role === 'gate' ? NO_RUNS : runs),
    async ask(position) {
      const grant = await session.ask(position)
      return { ...grant, lost: relayed?.extend() ?? [] }
    },
    async report(position, facts) {
      session.report(position, facts)
      return await Promise.resolve()
    },
    async replaceCredential(digest) {
      if (!(await enrolments.replaceCredential(id, present, digest)))
        throw new Problem('conflict', { detail: 'The gateway has another credential by now.' })
      present = digest
    },
    sendSnapshot: async () => await session.sendSnapshot(),
    addUsage: async (rows, report) => await addUsage(rows, report),
    addRequests: async (records) => await deps.addRequests(id, records),
    end: async () => await session.end(),
  })
  return { ...functions, ...relayed?.functions() }
}

/** Ends a stream whose other side does not answer any more. @returns a function that stops that */
function watch(socket: WebSocket): () => void {
  let isAlive = true
  socket.on('pong', () => (isAlive = true))
  const timer = setInterval(() => {
    if (!isAlive) socket.terminate()
    isAlive = false
    socket.ping()
  }, PING_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function refuse(
  socket: Duplex,
  { code, detail, status }: Problem,
  headers: Readonly<Record<string, string>> = {},
): void {
  const body = JSON.stringify(problemBody(code, detail))
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  endRefused(
    socket,
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n${more.join('')}\r\n${body}`,
  )
}
