import { SharedFlag } from './flag-cell.ts'
import { SharedTime } from './time-cell.ts'

const WORD_BYTES = 8
const LEASE_AT = 0
const CURRENT_AT = 1
const REQUESTS_AT = 2
const REMOVED_AT = 3
const EXCHANGES_AT = 4

/** What the threads of a gateway know of each other, in shared memory. */
export class GatewayState {
  readonly memory: SharedArrayBuffer
  /** When the right to decide ends; see `DecisionLease`. The first thread sets it. */
  readonly leaseEnd: SharedTime
  /** When the snapshots of all threads were last up to date; see `SnapshotCell`. The first thread sets it. */
  readonly upToDateAt: SharedTime
  /** Whether the gateway was removed from its fleet. The first thread sets it. */
  readonly removed: SharedFlag
  readonly #requests: BigInt64Array
  readonly #exchanges: Int32Array

  /** @param memory of another thread */
  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.leaseEnd = new SharedTime(new BigInt64Array(memory, LEASE_AT * WORD_BYTES, 1))
    this.upToDateAt = new SharedTime(new BigInt64Array(memory, CURRENT_AT * WORD_BYTES, 1))
    this.removed = new SharedFlag(new Int32Array(memory, REMOVED_AT * WORD_BYTES, 1))
    this.#requests = new BigInt64Array(memory, REQUESTS_AT * WORD_BYTES, 1)
    this.#exchanges = new Int32Array(memory, EXCHANGES_AT * WORD_BYTES)
  }

  /** @param threads how many the gateway has */
  static create(threads: number): GatewayState {
    return new GatewayState(new SharedArrayBuffer(EXCHANGES_AT * WORD_BYTES + threads * 4))
  }

  /** The number of the next request that is kept, over all threads: 1, 2, and so on. */
  nextRequest(): number {
    return Number(Atomics.add(this.#requests, 0, 1n)) + 1
  }

  /** Says how many exchanges a thread has open. */
  setExchanges(thread: number, count: number): void {
    Atomics.store(this.#exchanges, thread, count)
  }

  /** How many exchanges all threads have open. */
  get exchanges(): number {
    let sum = 0
    for (let thread = 0; thread < this.#exchanges.length; thread += 1)
      sum += Atomics.load(this.#exchanges, thread)
    return sum
  }
}
