import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { gateOver, type Gate } from '../../packages/gate/src/connect-gate.ts'
import {
  EmbeddedGateway,
  type EmbeddedGatewayDeps,
} from '../../packages/server/src/gateway/embedded/embedded-gateway.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { shuffledNumbers, syntheticKey } from '../synthetic/keys.ts'
import { ENVIRONMENT, ORGANIZATION, syntheticSnapshot } from '../synthetic/records.ts'
import { reportToParent } from './parent.ts'

/*
 * Measures `gate.decide` for requests of `node:http`, without a server. Arguments: the number of keys and the number of
 * passes.
 */

export interface GateReport {
  /** Mean of each pass, in µs of CPU time. */
  readonly decideMicros: readonly number[]
}

const CHUNK = 256
const DECISIONS_PER_PASS = 100 * CHUNK

const keys = Number(process.argv[2] ?? 1000)
const passes = Number(process.argv[3] ?? 5)
const numbers = shuffledNumbers(keys, Math.min(keys, DECISIONS_PER_PASS))
const socket = new Socket()
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined }

function requestWith(token: string): IncomingMessage {
  const request = new IncomingMessage(socket)
  request.method = 'GET'
  request.url = '/orders/7'
  const client = ['Host', 'api.example.com', 'User-Agent', 'acme-mobile/3.1', 'Accept', 'application/json']
  request.rawHeaders.push(...client, 'X-Api-Key', token, 'Connection', 'keep-alive')
  return request
}

async function openGate(): Promise<Gate> {
  const cell = new SnapshotCell()
  cell.replace(await syntheticSnapshot(keys), 'all')
  const gateway = await EmbeddedGateway.open({
    cell,
    organization: ORGANIZATION,
    environment: ENVIRONMENT,
    host: null,
    trustedProxies: [],
    upstreamAllow: [],
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    logger: SILENT as unknown as EmbeddedGatewayDeps['logger'],
    readiness: () => ({ ready: true, revision: 1, snapshotAgeSeconds: 0 }),
    mayDecide: () => true,
    usage: { record: () => undefined },
    importedKeyId: () => {
      throw new Error('no key of the benchmark is imported')
    },
  })
  return gateOver({
    id: undefined,
    decide: (method, target, request) => gateway.decide(method, target, request),
    readiness: () => ({ ready: true, revision: 1, snapshotAgeSeconds: 0 }),
    [Symbol.asyncDispose]: async () => await gateway[Symbol.asyncDispose](),
  })
}

/** The mean CPU time of a decision, in µs. */
function pass(gate: Gate): number {
  let spentMicros = 0
  for (let done = 0; done < DECISIONS_PER_PASS; done += CHUNK) {
    const requests = Array.from({ length: CHUNK }, (_, index) =>
      requestWith(syntheticKey(numbers[(done + index) % numbers.length] ?? 0).token),
    )
    let allowed = 0
    const before = process.threadCpuUsage()
    for (const request of requests) {
      const decision = gate.decide(request)
      if (!(decision instanceof Promise) && decision.allowed) allowed += 1
    }
    const { user, system } = process.threadCpuUsage(before)
    spentMicros += user + system
    if (allowed !== CHUNK) throw new Error('a valid key was refused, or not decided about at once')
  }
  return spentMicros / DECISIONS_PER_PASS
}

const gate = await openGate()
const unknown = await gate.decide(requestWith(syntheticKey(keys).token))
if (unknown.allowed) throw new Error('an unknown key was allowed')
// The first pass lets the JIT compiler optimize the code.
pass(gate)
const report: GateReport = { decideMicros: Array.from({ length: passes }, () => pass(gate)) }
reportToParent(report)
await gate.close()
