import { setTimeout as pause } from 'node:timers/promises'
import { ApiClient, textAt } from '../support/api-client.ts'
import type { FaultyFleet, FaultyGateway } from './faulty-fleet.ts'

/** How long a gateway may take to know a new key before the revocation begins without it, in ms. */
const KNOWN_MS_MAX = 1_500
const KNOWN_POLL_MS = 3
/** How long the calls go on after the receipt, in ms. */
const AFTER_MS = 300
/** How long a call may take, in ms: a paused gateway does not answer. */
const CALL_MS_MAX = 10_000
const WAIT_SECONDS = 1
const RETRY_MS = 50

interface Call {
  readonly gateway: string
  readonly startedAtMs: number
  readonly status: number
}

interface ReceiptGateway {
  readonly id: string
  readonly state: 'applied' | 'pending' | 'past'
  readonly confirmed: boolean
}

/** One key that was revoked while all gateways were called with it. */
export interface Revocation {
  /** From the request that revokes the key to the start of the last call that was let in, in ms; 0 if none was. */
  readonly delayMs: number
  /** Calls that were let in although they began after a receipt that counts the gateway as confirmed. */
  readonly violations: readonly string[]
  /** How many gateways the receipt has in each state. */
  readonly states: Readonly<Record<string, number>>
}

/**
 * Creates a key, calls all gateways with it, revokes it, and judges the calls by the receipt.
 *
 * @param betweenCallsMs how long each caller waits after a call, in ms
 */
export async function revoke(fleet: FaultyFleet, node: number, betweenCallsMs: number): Promise<Revocation> {
  const { id, token } = await newKey(fleet, node)
  const ending = new AbortController()
  const calls: Call[] = []
  const callers = fleet.gateways.map(async (gateway) => {
    await callUntil(gateway, fleet.path, token, betweenCallsMs, ending.signal, calls)
  })
  await eachKnows(fleet, calls)
  const begunAtMs = performance.now()
  const gateways = await receiptOf(fleet, node, id)
  const receivedAtMs = performance.now()
  await pause(AFTER_MS)
  ending.abort()
  await Promise.all(callers)
  const letIn = calls.filter(({ status }) => status === 200)
  const last = Math.max(begunAtMs, ...letIn.map(({ startedAtMs }) => startedAtMs))
  const confirmed = new Map(gateways.filter((one) => one.confirmed).map((one) => [one.id, one]))
  const violations = letIn
    .filter(({ gateway, startedAtMs }) => confirmed.has(gateway) && startedAtMs > receivedAtMs)
    .map(
      ({ gateway, startedAtMs }) =>
        `${gateway} (${confirmed.get(gateway)?.state}) let ${id} in ${(startedAtMs - receivedAtMs).toFixed(1)} ms after the receipt`,
    )
  const states: Record<string, number> = {}
  for (const { state } of gateways) states[state] = (states[state] ?? 0) + 1
  return { delayMs: last - begunAtMs, violations, states }
}

async function newKey(
  fleet: FaultyFleet,
  node: number,
): Promise<{ readonly id: string; readonly token: string }> {
  const made = await untilDone(fleet, node, async (api) => {
    const { status, body } = await api.call('POST', '/v1/organizations/acme/keys?wait=0', {
      name: 'caller',
      type: 'secret',
      environment: 'prod',
      consumer: fleet.consumer,
    })
    return status === 201 ? body : undefined
  })
  return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
}

async function receiptOf(fleet: FaultyFleet, node: number, id: string): Promise<readonly ReceiptGateway[]> {
  return await untilDone(fleet, node, async (api) => {
    const { status, body } = await api.call(
      'DELETE',
      `/v1/organizations/acme/keys/${id}?wait=${WAIT_SECONDS}`,
    )
    // A restored database may not have the key.
    if (status === 404) return []
    if (status !== 200) return undefined
    return body['receipt']?.['gateways'] as unknown as readonly ReceiptGateway[]
  })
}

/** Repeats an operation at one node and the other until it is done. */
async function untilDone<T>(
  fleet: FaultyFleet,
  node: number,
  operate: (api: ApiClient) => Promise<T | undefined>,
): Promise<T> {
  for (let at = node; ; at = 1 - at) {
    try {
      const done = await operate(fleet.api(at))
      if (done !== undefined) return done
    } catch {
      // The node has been killed, or restarts.
    }
    await pause(RETRY_MS)
  }
}

async function eachKnows({ gateways }: FaultyFleet, calls: readonly Call[]): Promise<void> {
  const endsAtMs = performance.now() + KNOWN_MS_MAX
  while (performance.now() < endsAtMs) {
    const known = new Set(calls.filter(({ status }) => status === 200).map(({ gateway }) => gateway))
    if (known.size === gateways.length) return
    await pause(KNOWN_POLL_MS)
  }
}

async function callUntil(
  { id, gateway }: FaultyGateway,
  path: string,
  token: string,
  betweenCallsMs: number,
  ending: AbortSignal,
  calls: Call[],
): Promise<void> {
  while (!ending.aborted) {
    const startedAtMs = performance.now()
    try {
      const response = await fetch(gateway.url + path, {
        headers: { 'x-api-key': token },
        signal: AbortSignal.any([ending, AbortSignal.timeout(CALL_MS_MAX)]),
      })
      calls.push({ gateway: id, startedAtMs, status: response.status })
      await response.arrayBuffer()
    } catch {
      // The gateway has been killed, or the round is over.
    }
    await pause(betweenCallsMs)
  }
}
