import { once } from 'node:events'
import { WebSocket } from 'ws'
import { eventually } from '../support/eventually.ts'
import { newCredential } from '../../packages/server/src/fleet/stream/credentials.ts'

/** An answer to a call, as the stream has it. */
export interface RawAnswer {
  readonly i: string
  readonly r?: unknown
  readonly e?: { readonly code: string; readonly detail: string }
}

/** A stream to a control node that may send anything. */
export interface RawStream extends AsyncDisposable {
  readonly socket: WebSocket
  /** What the node has greeted with. */
  readonly greeting: Readonly<Record<string, unknown>>
  /** The blocks that the node has sent. */
  readonly blocks: readonly Buffer[]
  /** @returns the answer, also one that is an error */
  call(name: string, args: unknown): Promise<RawAnswer>
  /** Resolves with the code of the end. */
  readonly closed: Promise<number>
}

/** @returns the HTTP status of the refusal; 101 if there is a stream */
export async function statusOf(
  controlUrl: string,
  headers: Readonly<Record<string, string>>,
): Promise<number> {
  const socket = socketTo(controlUrl, headers)
  const status = await new Promise<number>((resolve, reject) => {
    socket.once('open', () => resolve(101))
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode ?? 0))
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  socket.terminate()
  return status
}

/** Begins a stream, and waits for the greeting. @param token to enrol with, for a new credential */
export async function openRawStream(
  controlUrl: string,
  { token, credential = newCredential() }: { readonly token?: string; readonly credential?: string },
): Promise<RawStream> {
  const socket = socketTo(controlUrl, {
    authorization: `Bearer ${credential}`,
    ...(token === undefined ? {} : { 'sallyport-enrolment': token }),
  })
  const answers = new Map<string, RawAnswer>()
  const blocks: Buffer[] = []
  let greeting: Readonly<Record<string, unknown>> | undefined
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) {
      blocks.push(data)
      return
    }
    const message = JSON.parse(data.toString()) as RawAnswer & { readonly m?: string; readonly a?: unknown }
    if (message.m === 'greet') greeting = (message.a as Readonly<Record<string, unknown>>[])[0]
    else answers.set(message.i, message)
  })
  const closed = once(socket, 'close').then(([code]) => code as number)
  await once(socket, 'open')
  socket.on('error', () => undefined)
  const greeted = await eventually(() => {
    if (greeting === undefined) throw new Error('the node has not greeted yet')
    return greeting
  })
  let calls = 0
  return {
    socket,
    greeting: greeted,
    blocks,
    closed,
    async call(name, args) {
      calls += 1
      const id = String(calls)
      socket.send(JSON.stringify({ t: 'q', i: id, m: name, a: args }))
      return await eventually(() => {
        const answer = answers.get(id)
        if (answer === undefined) throw new Error(`${name} was not answered`)
        return answer
      })
    },
    async [Symbol.asyncDispose]() {
      socket.terminate()
      await closed
    },
  }
}

function socketTo(controlUrl: string, headers: Readonly<Record<string, string>>): WebSocket {
  return new WebSocket(new URL('/fleet/stream', controlUrl.replace(/^http/, 'ws')), { headers })
}
