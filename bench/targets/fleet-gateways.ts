import { WebSocket } from 'ws'
import { fleetName, fleetPublicKey } from '../../packages/server/src/crypto/derived/fleet-keys.ts'
import { decodeHead, type BlockHead } from '../../packages/server/src/fleet/blocks/block.ts'
import {
  ENROLMENT_HEADER,
  fleetOfToken,
  newCredential,
} from '../../packages/server/src/fleet/stream/credentials.ts'
import { STREAM_PATH } from '../../packages/server/src/fleet/stream/stream.ts'

/*
 * Gateways without a snapshot: each has a stream, asks each second, gets blocks and reports them as an enrolled gateway does, and
 * notes when they arrived. They share what does not belong to the protocol: a block is checked once, and its report is written
 * once, so that their own work is small beside that of the nodes and relays. Arguments: how many, the enrolment token, the URLs.
 */

/** Streams that are begun at the same time. */
const AT_ONCE = 200
/** How long after an answer a gateway asks again, in ms, as an enrolled one does. */
const ASK_MS = 1_000
/** How long a gateway waits at most before it begins another stream, in ms. */
const AGAIN_MS_MAX = 1_000

/** What has happened at the gateways. */
export interface Arrivals {
  /** When changes arrived, in ms since 1970, by their revision. */
  readonly atMs: Readonly<Record<number, readonly number[]>>
  /** Questions that got no grant, and streams that have ended. */
  readonly failures: number
}

const [countText = '', token = '', ...urls] = process.argv.slice(2)
const publicKey = fleetOfToken(token) ?? ''
const fleet = fleetName(publicKey)
const key = fleetPublicKey(publicKey)
const atMs: Record<number, number[]> = {}
let failures = 0

/** A block that was checked, and what its gateways answer. */
interface Checked {
  readonly bytes: Buffer
  readonly head: BlockHead
  /** The call of `report`, which is the same for all. */
  readonly report: string
}

/** The newest blocks, by their signatures. */
const checked = new Map<string, Checked>()
const CHECKED_MAX = 1_000
const SIGNATURE_BYTES = 64

function check(bytes: Buffer): Checked {
  const signature = bytes.toString('latin1', bytes.length - SIGNATURE_BYTES)
  const known = checked.get(signature)
  if (known?.bytes.equals(bytes) === true) return known
  const head = decodeHead(bytes, fleet, key)
  const made = { bytes, head, report: JSON.stringify({ m: 'report', a: [head.to, {}], t: 'q' }) }
  checked.set(signature, made)
  for (const oldest of checked.keys()) {
    if (checked.size <= CHECKED_MAX) break
    checked.delete(oldest)
  }
  return made
}

class Gateway {
  readonly #url: string
  readonly #credential = newCredential()
  #position = { revision: 0, hash: '' }
  #socket: WebSocket | undefined
  #asked = 0

  constructor(url: string) {
    this.#url = url
  }

  /** Begins a stream. Resolves with the first grant. */
  async join(): Promise<void> {
    const socket = new WebSocket(new URL(STREAM_PATH, this.#url), {
      perMessageDeflate: false,
      headers: { authorization: `Bearer ${this.#credential}`, [ENROLMENT_HEADER]: token },
    })
    this.#socket = socket
    const granted = Promise.withResolvers<void>()
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) return this.#take(socket, data.subarray(1))
      const message = data.toString()
      if (message.startsWith('{"m":"greet"')) return this.ask()
      if (message.includes('"r":')) granted.resolve()
      else failures += 1
      setTimeout(() => this.ask(), ASK_MS)
    })
    socket.once('error', granted.reject)
    socket.once('close', () => {
      failures += 1
      this.#socket = undefined
      setTimeout(() => void this.join(), AGAIN_MS_MAX * Math.random())
    })
    await granted.promise
  }

  ask(): void {
    this.#asked += 1
    this.#socket?.send(JSON.stringify({ m: 'ask', a: [this.#position], t: 'q', i: String(this.#asked) }))
  }

  #take(socket: WebSocket, bytes: Buffer): void {
    const now = performance.timeOrigin + performance.now()
    const { head, report } = check(bytes)
    if (head.kind === 'changes')
      for (let revision = head.from.revision + 1; revision <= head.to.revision; revision += 1)
        (atMs[revision] ??= []).push(now)
    this.#position = head.to
    socket.send(report)
  }
}

const waiting = Array.from(
  { length: Number(countText) },
  (_, index) => new Gateway(urls[index % urls.length] ?? ''),
)
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let gateway = waiting.pop(); gateway !== undefined; gateway = waiting.pop()) await gateway.join()
  }),
)
process.on('message', () => process.send?.({ atMs, failures } satisfies Arrivals))
process.on('disconnect', () => process.exit())
process.send?.('ready')
