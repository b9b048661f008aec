import { createBirpc, type BirpcReturn } from 'birpc'
import type { WebSocket } from 'ws'
import { receivedError, remoteError, type RemoteError } from './remote-errors.ts'

/** Where streams begin on a control node. */
export const STREAM_PATH = '/fleet/stream'

/** Bytes that may wait to be sent before `sendBlock` waits. */
const WAITING_BYTES_MAX = 8 * 1024 * 1024
/** Longer blocks are not copied to be sent, in bytes. */
const COPIED_BYTES_MAX = 4_096
/** Bytes of calls and answers that may wait to be sent before the stream ends. Blocks wait by themselves. */
const UNREAD_BYTES_MAX = 8 * 1024 * 1024
/** Calls of the other side that are in progress, before the stream ends: a relay makes one for each of its gateways. */
const CALLS_MAX = 20_000
/** How often it is looked whether they are fewer, in ms. */
const DRAIN_CHECK_MS = 20

/** What is said when a stream is closed: a code of WebSocket (RFC 6455 section 7.4.2), and a reason for the log. */
export const CLOSE_CODES = {
  /** The process ends. */
  going: 1001,
  /** The other side does not keep to the protocol. */
  protocol: 1002,
  /** The gateway is no longer enrolled, or another process has its credential. */
  refused: 4001,
  /** The gateway must begin anew, with its position. */
  again: 4002,
} as const
export type CloseReason = keyof typeof CLOSE_CODES

/** A control frame carries 125 bytes, two of which are the code (RFC 6455 section 5.5). */
const REASON_BYTES_MAX = 123

/** Why a block is sent: to be applied, or only to be kept on the disk. The first byte of its message says so. */
export type BlockPurpose = 'apply' | 'keep'
const PURPOSE_BYTES = { apply: Buffer.from([0]), keep: Buffer.from([1]) } as const

/** A message of `birpc`, whose member `e` is an error. */
interface Message {
  /** Whether it is a call (`q`) or its answer (`s`). */
  readonly t?: unknown
  /** The number of the call; missing for a call without an answer. */
  readonly i?: unknown
  readonly e?: unknown
}

/** The functions of the other side, and blocks. */
export interface Stream<Remote extends object, Local extends object> {
  readonly remote: BirpcReturn<Remote, Local>
  /** Waits while too much is waiting to be sent. @throws Error when the stream is closed */
  sendBlock(block: Uint8Array, purpose?: BlockPurpose): Promise<void>
  close(reason: CloseReason, text?: string): void
  /** Resolves when the stream is closed, with what the other side has said. */
  readonly closed: Promise<string>
}

export interface StreamDeps<Local extends object> {
  /** What the other side may call. */
  readonly functions: Local
  /** Called for each block, in their order. */
  readonly onBlock: (block: Uint8Array, purpose: BlockPurpose) => void
}

/** A message of the other side that is not one of the protocol. */
class UnreadableMessage extends Error {}

/** @throws UnreadableMessage */
function messageOf(data: string): Message {
  try {
    const message = JSON.parse(data) as Message
    return 'e' in message ? { ...message, e: receivedError(message.e as RemoteError) } : message
  } catch (cause) {
    throw new UnreadableMessage('a message could not be read', { cause })
  }
}

/** Calls and blocks over a WebSocket: a call is a text message, a block is a binary one. All arrive in their order. */
export function streamOver<Remote extends object, Local extends object>(
  socket: WebSocket,
  { functions, onBlock }: StreamDeps<Local>,
): Stream<Remote, Local> {
  const close = (reason: CloseReason, text = ''): void => {
    socket.close(CLOSE_CODES[reason], cutToBytes(text, REASON_BYTES_MAX))
  }
  const listeners = new Set<(data: string) => void>()
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) onBlock(data.subarray(1), data[0] === 1 ? 'keep' : 'apply')
    else for (const listener of listeners) listener(data.toString())
  })
  // `close` follows, and has the reason.
  socket.on('error', () => undefined)
  let calls = 0
  let unread = 0
  const remote = createBirpc<Remote, Local>(functions, {
    post: (data: string) => {
      if (socket.readyState !== socket.OPEN) return
      // A side that asks and does not read is ended without a word, which it would not read either.
      if (unread > UNREAD_BYTES_MAX) socket.terminate()
      else {
        unread += data.length
        socket.send(data, () => (unread -= data.length))
      }
    },
    on: (listener) => void listeners.add(listener),
    off: (listener) => void listeners.delete(listener),
    serialize(message: Message) {
      if (message.t === 's') calls -= 1
      return JSON.stringify('e' in message ? { ...message, e: remoteError(message.e) } : message)
    },
    deserialize(data: string) {
      const message = messageOf(data)
      if (message.t === 'q' && message.i !== undefined) calls += 1
      if (calls > CALLS_MAX) throw new UnreadableMessage('too many calls are in progress')
      return message
    },
    // A name of the other side must not reach what every object has.
    resolver: (name, found) => (Object.hasOwn(functions, name) ? found : undefined),
    onGeneralError: (error, method) => {
      // The error of a call, also of one whose stream has ended, is its caller's.
      if (method === undefined && !(error instanceof UnreadableMessage)) return false
      close('protocol', 'a message could not be read')
      return true
    },
    bind: 'functions',
    // A call ends with its stream, and the life of a stream is checked by `ping`.
    timeout: -1,
  })
  const closed = new Promise<string>((resolve) => {
    socket.once('close', (code, said) => {
      remote.$close()
      resolve(said.length === 0 ? `closed (${code})` : said.toString())
    })
  })
  return {
    remote,
    close,
    closed,
    async sendBlock(block, purpose = 'apply') {
      while (socket.bufferedAmount > WAITING_BYTES_MAX && socket.readyState === socket.OPEN)
        await new Promise((resolve) => setTimeout(resolve, DRAIN_CHECK_MS))
      if (socket.readyState !== socket.OPEN) throw new Error('The stream is closed.')
      // One frame costs half as much as two, and a small copy hardly anything.
      if (block.length <= COPIED_BYTES_MAX) {
        socket.send(Buffer.concat([PURPOSE_BYTES[purpose], block]))
        return
      }
      // Two parts of one message, so that the bytes, which all gateways get, need not be copied.
      socket.send(PURPOSE_BYTES[purpose], { binary: true, fin: false })
      socket.send(block, { binary: true, fin: true })
    },
  }
}

/** The longest start of a text that has at most so many bytes in UTF-8, without a part of a character. */
function cutToBytes(text: string, bytesMax: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytesMax))
  return text.slice(0, read)
}
