import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { fleetName, fleetPublicKey } from '../../packages/server/src/crypto/derived/fleet-keys.ts'
import { decodeHead } from '../../packages/server/src/fleet/blocks/block.ts'
import {
  ENROLMENT_HEADER,
  fleetOfToken,
  newCredential,
} from '../../packages/server/src/fleet/stream/credentials.ts'
import type {
  GatewayFunctions,
  Greeting,
  NodeFunctions,
} from '../../packages/server/src/fleet/stream/stream-functions.ts'
import { STREAM_PATH, streamOver } from '../../packages/server/src/fleet/stream/stream.ts'

/*
 * Gateways without a snapshot: each has a stream, asks each second, checks what arrives and reports it as an enrolled gateway
 * does, and notes when it arrived. Arguments: how many, the enrolment token, the URLs.
 */

/** Streams that are begun at the same time. */
const AT_ONCE = 20
const ASK_MS = 1_000

/** When changes arrived at gateways, in ms since 1970, by their revision. */
export type Arrivals = Readonly<Record<number, readonly number[]>>

const [countText = '', token = '', ...urls] = process.argv.slice(2)
const publicKey = fleetOfToken(token) ?? ''
const fleet = fleetName(publicKey)
const key = fleetPublicKey(publicKey)
const arrivals: Record<number, number[]> = {}

interface Gateway {
  readonly credential: string
  position: { revision: number; hash: string }
}

async function join(url: string, gateway: Gateway): Promise<void> {
  const socket = new WebSocket(new URL(STREAM_PATH, url), {
    perMessageDeflate: false,
    headers: {
      authorization: `Bearer ${gateway.credential}`,
      [ENROLMENT_HEADER]: token,
    },
  })
  const greeted = Promise.withResolvers<Greeting>()
  socket.once('error', greeted.reject)
  const { closed, remote } = streamOver<NodeFunctions, GatewayFunctions>(socket, {
    functions: { greet: (greeting) => greeted.resolve(greeting) },
    onBlock(block) {
      const atMs = performance.timeOrigin + performance.now()
      const head = decodeHead(block, fleet, key)
      if (head.kind === 'changes')
        for (let revision = head.from.revision + 1; revision <= head.to.revision; revision += 1)
          (arrivals[revision] ??= []).push(atMs)
      gateway.position = head.to
      void remote.report(gateway.position, {}).catch(() => undefined)
    },
  })
  await greeted.promise
  await remote.ask(gateway.position)
  let isOpen = true
  void askOn()
  // As an enrolled gateway does.
  void closed.then(async () => {
    isOpen = false
    await pause(ASK_MS * Math.random())
    await join(url, gateway)
  })

  async function askOn(): Promise<void> {
    while (isOpen) {
      await pause(ASK_MS)
      await remote.ask(gateway.position).catch(() => undefined)
    }
  }
}

const waiting = Array.from({ length: Number(countText) }, (_, index) => urls[index % urls.length] ?? '')
await Promise.all(
  Array.from({ length: AT_ONCE }, async () => {
    for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
      const credential = newCredential()
      await join(url, { credential, position: { revision: 0, hash: '' } })
    }
  }),
)
process.on('message', () => process.send?.(arrivals))
process.on('disconnect', () => process.exit())
process.send?.('ready')
