import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { textAt, type ApiClient, type ApiResponse } from '../support/api-client.ts'
import { codeOf, type TestedServer } from './tested-server.ts'

const KEYS = '/v1/organizations/acme/keys'
const WRITERS = 2
/** Pauses between two requests of one caller, in ms, so that the load does not hide the recovery. */
const CALL_PAUSE_MS = 20
const WRITE_PAUSE_MS = 40
const READ_PAUSE_MS = 100
const RETRY_PAUSE_MS = 40

/** What the callers of one server saw during a fault and after it. */
export interface Seen {
  readonly server: TestedServer
  /** Acknowledged creations. */
  writes: number
  /** Attempts to create that got 503. */
  refusedWrites: number
  refusedReads: number
  calls: number
  /** Whether the gateway refused the newest call. */
  isRefusing: boolean
  /** How long calls of the gateway were refused, in ms. */
  refusedCallsMs: number
  /** When the newest of these came, by the monotonic clock; undefined before the first one. */
  lastWriteAtMs?: number
  lastReadAtMs?: number
  lastCallAtMs?: number
}

/** A created key, which must exist exactly once under its name. */
export interface Acknowledged {
  readonly server: TestedServer
  readonly id: string
  readonly name: string
  readonly idempotencyKey: string
}

type SentRequest = readonly [
  client: ApiClient,
  method: string,
  path: string,
  expected: readonly number[],
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
]

/**
 * The same traffic for every fault: at each server keys are created with idempotency keys until they are acknowledged,
 * keys are deleted, resources are read, and the gateway is called with a valid key.
 */
export class Traffic {
  readonly seen: readonly Seen[]
  readonly acknowledged: Acknowledged[] = []
  /** Each response that no fault of the database may cause. */
  readonly surprises: string[] = []
  readonly #label: string
  readonly #work: Promise<void>[] = []
  #isStopping = false

  constructor(label: string, servers: readonly TestedServer[]) {
    this.#label = label
    this.seen = servers.map((server) => ({
      server,
      writes: 0,
      refusedWrites: 0,
      refusedReads: 0,
      calls: 0,
      isRefusing: false,
      refusedCallsMs: 0,
    }))
  }

  start(): void {
    for (const seen of this.seen) {
      for (let writer = 0; writer < WRITERS; writer += 1) this.#work.push(this.#write(seen, writer))
      this.#work.push(this.#revoke(seen), this.#read(seen), this.#call(seen))
    }
  }

  /** Lets every writer finish its last creation. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#work)
  }

  /** Waits until the condition holds for every server. The time limit of the test bounds the wait. */
  async until(condition: (seen: Seen) => boolean): Promise<void> {
    while (!this.seen.every(condition) && this.surprises.length === 0) await pause(5)
  }

  async #write(seen: Seen, writer: number): Promise<void> {
    for (let count = 0; !this.#isStopping; count += 1) {
      const name = `${this.#label} ${seen.server.name} ${writer} ${count}`
      const { id, idempotencyKey } = await this.#create(seen, { name, type: 'secret' })
      this.acknowledged.push({ server: seen.server, id, name, idempotencyKey })
      await pause(WRITE_PAUSE_MS)
    }
  }

  /** Deletes keys. After a confirmed receipt no gateway of the database may accept the key. */
  async #revoke(seen: Seen): Promise<void> {
    const { acme, consumer, peers } = seen.server
    for (let count = 0; !this.#isStopping; count += 1) {
      const name = `revoked ${this.#label} ${count}`
      const { id, token } = await this.#create(seen, { name, type: 'secret', environment: 'prod', consumer })
      const removed = await this.#until(seen, acme, 'DELETE', `${KEYS}/${id}?wait=1`, [200, 404])
      const isConfirmed = removed.status === 200 && removed.body['receipt']?.['confirmed']
      for (const peer of peers) {
        const { status } = await peer.callGateway(token)
        if (status === 200 && isConfirmed) this.#surprise(seen, 'a call with a revoked key', status)
      }
      await pause(WRITE_PAUSE_MS)
    }
  }

  async #read(seen: Seen): Promise<void> {
    const { acme } = seen.server
    while (!this.#isStopping) {
      for (const path of ['/v1/whoami', '/v1/organizations/acme/consumers']) {
        const response = await this.#attempt(seen, acme, 'GET', path, [200])
        if (response === undefined) seen.refusedReads += 1
        else seen.lastReadAtMs = performance.now()
      }
      await pause(READ_PAUSE_MS)
    }
  }

  async #call(seen: Seen): Promise<void> {
    let refusedSinceMs: number | undefined
    while (!this.#isStopping) {
      const { status, code } = await seen.server.callGateway()
      const nowMs = performance.now()
      seen.calls += 1
      seen.isRefusing = status !== 200
      if (status === 200) {
        seen.lastCallAtMs = nowMs
        if (refusedSinceMs !== undefined) seen.refusedCallsMs += nowMs - refusedSinceMs
        refusedSinceMs = undefined
      } else if (status === 503 && code === 'snapshot_stale') {
        refusedSinceMs ??= nowMs
      } else {
        this.#surprise(seen, 'a call of the gateway', `${status} ${code}`)
      }
      await pause(CALL_PAUSE_MS)
    }
  }

  async #create(
    seen: Seen,
    body: Readonly<Record<string, string>>,
  ): Promise<{ readonly id: string; readonly token: string; readonly idempotencyKey: string }> {
    const idempotencyKey = randomUUID()
    const made = await this.#until(seen, seen.server.acme, 'POST', `${KEYS}?wait=0`, [201], body, {
      'idempotency-key': idempotencyKey,
    })
    seen.writes += 1
    seen.lastWriteAtMs = performance.now()
    return { id: textAt(made.body, 'key', 'id'), token: textAt(made.body, 'token'), idempotencyKey }
  }

  /** Repeats a write until it is acknowledged. */
  async #until(seen: Seen, ...request: SentRequest): Promise<ApiResponse> {
    for (;;) {
      const response = await this.#attempt(seen, ...request)
      if (response !== undefined) return response
      seen.refusedWrites += 1
      await pause(RETRY_PAUSE_MS)
    }
  }

  /** @returns undefined for 503 `unavailable` */
  async #attempt(
    seen: Seen,
    ...[client, method, path, expected, body, headers]: SentRequest
  ): Promise<ApiResponse | undefined> {
    const response = await client.call(method, path, body, headers)
    if (expected.includes(response.status)) return response
    const code = codeOf(response.body)
    if (response.status !== 503 || code !== 'unavailable') {
      this.#surprise(seen, `${method} ${path}`, `${response.status} ${code}`)
    }
    return undefined
  }

  #surprise(seen: Seen, request: string, response: string | number): void {
    this.surprises.push(`${seen.server.name}: ${request}: ${response}`)
  }
}
