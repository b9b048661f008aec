import {
  connectEmbeddedGateway,
  describedRequest,
  isAddressRange,
  isLoopback,
  StartError,
} from '@sallyport/server/embedded'
import type { ConnectedGateway, EmbeddedDecision } from '@sallyport/server/embedded'
import type { IncomingMessage } from 'node:http'
import type { GateDecision, GateHeaders, GateProblem } from './decision.ts'
import { checkOptions, GateError, type GateLogger, type GateOptions } from './gate-options.ts'
import { readRequest, type DecideOptions, type GateRequest } from './request.ts'

/** How far a gate is. */
export interface GateStatus {
  /** Whether it decides about requests of its environment now. */
  readonly ready: boolean
  /** The newest change that it knows, as in receipts. */
  readonly revision: number
  /** How long ago it was last known to be up to date, in seconds. */
  readonly snapshotAgeSeconds: number | null
}

/** A gateway in this process. */
export interface Gate extends AsyncDisposable {
  /** As receipts and `GET /gateways` name it; undefined before its first connection. */
  readonly id: string | undefined
  /**
   * Decides about a request, counts it against the caller's limits, and counts its use.
   *
   * @returns the decision; a promise of it when a password or the signature of a JWT must be checked first
   * @throws TypeError for a `path` that is not one, and when the gate is closed
   */
  decide(request: GateRequest, options?: DecideOptions): GateDecision | Promise<GateDecision>
  status(): GateStatus
  /** Sends the last counts and ends the connection. Receipts need not wait for the gate any more. */
  close(): Promise<void>
}

/**
 * Connects a gate to a control node. It is there when it has a snapshot: the one in its folder, or the first one that the
 * control node sends.
 *
 * @throws GateError that names the options to correct; the reason of `signal`
 */
export async function connectGate(options: GateOptions): Promise<Gate> {
  const { folder, enrolmentToken, masterKey, trustedProxies = [], upstreamAllow = [], signal } = options
  const checked = checkOptions(options, { isRange: isAddressRange, isLoopback })
  const gateway = await connectEmbeddedGateway({
    ...checked,
    folder,
    trustedProxies,
    upstreamAllow,
    signal,
    enrolmentToken: enrolmentToken ?? null,
    masterKey: masterKey ?? null,
    host: options.host ?? null,
    logger: options.logger ?? CONSOLE,
  }).catch((error: unknown) => {
    if (!(error instanceof StartError)) throw error
    const problems = error.problems.map(
      ({ variable, message }) => `${OPTIONS[variable] ?? variable}: ${message}`,
    )
    throw new GateError(problems, { cause: error })
  })
  return gateOver(gateway)
}

/** The gate that decides by a gateway in this process. */
export function gateOver(gateway: ConnectedGateway): Gate {
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    closing ??= Promise.resolve(gateway[Symbol.asyncDispose]())
    await closing
  }
  return {
    get id() {
      return gateway.id
    },
    decide(request, decideOptions = {}) {
      if (closing !== undefined) throw new TypeError('The gate is closed.')
      const read = readRequest(request, decideOptions)
      // Requests of Node.js are read as they are.
      const message =
        read.node === undefined
          ? describedRequest(read.rawHeaders, read.address)
          : (read.node as IncomingMessage)
      const decided = gateway.decide(read.method, read.target, message)
      return decided instanceof Promise ? decided.then(gateDecision) : gateDecision(decided)
    },
    status() {
      const { ready, revision, snapshotAgeSeconds } = gateway.readiness()
      return { ready: ready && closing === undefined, revision, snapshotAgeSeconds }
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The options by the settings of a gateway that is a process of its own. */
const OPTIONS: Readonly<Record<string, string>> = {
  SALLYPORT_CONTROL_URL: 'url',
  SALLYPORT_DATA: 'folder',
  SALLYPORT_ENROLMENT_TOKEN: 'enrolmentToken',
  SALLYPORT_MASTER_KEY: 'masterKey',
}

function gateDecision(decided: EmbeddedDecision): GateDecision {
  const headers = headersOf(decided.headers)
  if (decided.kind === 'preflight') {
    return { allowed: false, status: decided.status, code: 'preflight', problem: null, headers }
  }
  if (decided.kind === 'refused') {
    const { status, code, body } = decided
    return { allowed: false, status, code, problem: JSON.parse(body) as GateProblem, headers }
  }
  const { caller, revision } = decided
  const { organization, environment, pipeline, version, consumer, consumerId, keyId, claims, labels } = caller
  const names = { organization, environment, pipeline, version, consumer, consumerId }
  return { allowed: true, principal: { ...names, key: keyId, claims, labels }, headers, revision }
}

/** @param pairs alternating names and values */
function headersOf(pairs: readonly string[]): GateHeaders {
  const headers: Record<string, string> = {}
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    const name = (pairs[index] ?? '').toLowerCase()
    // The framework knows the length of what it sends.
    if (name === 'content-length') continue
    const value = pairs[index + 1] ?? ''
    const earlier = headers[name]
    headers[name] = earlier === undefined ? value : `${earlier}, ${value}`
  }
  return headers
}

function report(facts: object, message: string): void {
  const err: unknown = 'err' in facts ? facts.err : undefined
  console.error(`Sallyport: ${message}`, ...(err === undefined ? [] : [err]))
}

const CONSOLE: GateLogger = { info: () => undefined, warn: report, error: report }
