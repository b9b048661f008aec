import type { IncomingMessage } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { WebSocket } from 'ws'
import { REMOVAL_HEADER } from '../stream/removal-proof.ts'
import type { GatewayFunctions, Greeting, NodeFunctions } from '../stream/stream-functions.ts'
import type { FleetRole } from '../../store/port/fleet/enrolments.ts'
import { commandToEnrol, ENROLMENT_HEADER, ROLE_HEADER } from '../stream/credentials.ts'
import { STREAM_PATH, streamOver, type BlockPurpose, type Stream } from '../stream/stream.ts'
import {
  agree,
  readVersions,
  versionsText,
  VERSIONS_HEADER,
  type SpokenVersions,
} from '../stream/versions.ts'

/** How long a control node may take until its greeting, in ms. */
const GREETING_MS_MAX = 10_000
/** A stream that has lasted for this long, in ms, was no failure. */
const LASTING_MS = 10_000
/** How long a stream may be silent, in ms. The node pings, and answers a question each second. */
const SILENT_MS_MAX = 25_000
/** How long it may be without a message when the process ends, in ms: longer than from one of these answers to the next. */
const ENDING_SILENT_MS_MAX = 1_250
/** The first pause before another attempt, and the longest one, in ms. */
const PAUSE_MS_MIN = 100
const PAUSE_MS_MAX = 5_000
/** What is read of a refusal, in characters. */
const REFUSAL_CHARS_MAX = 4_096

export type NodeStream = Stream<NodeFunctions, GatewayFunctions>

/** A stream with its greeting. */
export interface Greeted {
  readonly stream: NodeStream
  readonly greeting: Greeting
  /** The credential that the node knows. */
  readonly credential: string
  readonly ended: AbortSignal
}

export interface ControlLinkDeps {
  /** Control nodes, each as `https://…` without a path. */
  readonly urls: readonly string[]
  /** What this process is. */
  readonly role: FleetRole
  /** Those that a control node may know, the likeliest first. */
  readonly credentials: () => readonly string[]
  /** For the first stream of a gateway that is not known yet. */
  readonly enrolmentToken: string | null
  /** What this side speaks. */
  readonly versions: SpokenVersions
  readonly logger: Logger
  readonly onBlock: (block: Uint8Array, purpose: BlockPurpose) => void
  /** Whether a control node has proved that the gateway with a credential was removed. */
  readonly isRemoval: (credential: string, proof: string) => boolean
  /** The gateway was removed. It goes on to try, in case it enrols again. */
  readonly onRemoved: () => Promise<void>
  /** Uses a stream until it ends. */
  readonly use: (greeted: Greeted) => Promise<void>
}

/** Keeps a stream to one of the control nodes, one at a time. */
export class ControlLink implements AsyncDisposable {
  readonly #deps: ControlLinkDeps
  readonly #ending = new AbortController()
  readonly #running: Promise<void>
  readonly #refused = Promise.withResolvers<string>()
  /** Attempts that have failed since the last stream, and those that were refused. */
  #failures = 0
  #refusals = 0
  #isRemoved = false
  /** What the log has said since the last stream. */
  readonly #said = new Set<string>()
  readonly #hurrying = new AbortController()

  constructor(deps: ControlLinkDeps) {
    this.#deps = deps
    this.#running = this.#run()
  }

  /** Resolves with the reason when a control node does not know any credential of the gateway. */
  get refused(): Promise<string> {
    return this.#refused.promise
  }

  /**
   * The process waits for nothing but answers of the control node, and then ends. From now on a stream ends, and its calls with it,
   * when no message arrives for a while.
   */
  hurry(): void {
    this.#hurrying.abort()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    await this.#running
  }

  async #run(): Promise<void> {
    const { urls, role, logger, use } = this.#deps
    const { signal } = this.#ending
    for (let turn = 0; !signal.aborted; turn += 1) {
      const url = urls[turn % urls.length] ?? ''
      try {
        const greeted = await this.#connect(url)
        const begunAtMs = performance.now()
        this.#refusals = 0
        this.#isRemoved = false
        this.#said.clear()
        logger.info({ control: url, id: greeted.greeting.id }, 'connected to a control node')
        await use(greeted)
        // Otherwise two processes with the same identity would take the stream from each other without a pause.
        if (performance.now() - begunAtMs > LASTING_MS) this.#failures = 0
        else this.#failures += 1
        logger.warn(
          { control: url, reason: await greeted.stream.closed },
          'the stream to the control node has ended',
        )
      } catch (error) {
        if (error instanceof RemovedGateway) {
          this.#isRemoved = true
          await this.#deps
            .onRemoved()
            .catch((err: unknown) => logger.error({ err }, 'that this gateway was removed could not be kept'))
        }
        if (error instanceof UnknownGateway) this.#refusals += 1
        if (this.#refusals >= this.#triesMax) this.#refused.resolve((error as Error).message)
        const said =
          error instanceof Refusal
            ? `a control node has refused this ${role}`
            : 'a control node cannot be reached'
        // Once for each outage, and not for each attempt.
        if (!this.#said.has(said) && !signal.aborted) logger.error({ control: url, err: error }, said)
        this.#said.add(said)
        // The next credential is tried at once.
        if (!(error instanceof UnknownGateway) || this.#refusals % this.#deps.credentials().length === 0)
          this.#failures += 1
      }
      const longest = Math.min(PAUSE_MS_MAX, PAUSE_MS_MIN * 2 ** Math.min(this.#failures, 10))
      // Many gateways that lose the same node must not come back together.
      await pause(longest * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined)
    }
  }

  /** Refusals after which no credential is known, and the token is of no use. */
  get #triesMax(): number {
    const { credentials, enrolmentToken } = this.#deps
    const known = credentials().length
    return known > 1 && enrolmentToken !== null ? known + 1 : known
  }

  /** A token makes a new gateway of this one, so every credential is tried before. */
  get #mayEnrol(): boolean {
    const known = this.#deps.credentials().length
    return !this.#isRemoved && (known === 1 || this.#refusals >= known)
  }

  async #connect(url: string): Promise<Greeted> {
    const { credentials, enrolmentToken, onBlock, role, versions } = this.#deps
    const known = credentials()
    const credential = known[this.#refusals % known.length] ?? ''
    const greeted = Promise.withResolvers<Greeting>()
    const ended = new AbortController()
    const socket = new WebSocket(new URL(STREAM_PATH, url.replace(/^http/, 'ws')), {
      perMessageDeflate: false,
      maxPayload: 512 * 1024 * 1024,
      handshakeTimeout: GREETING_MS_MAX,
      followRedirects: false,
      headers: {
        authorization: `Bearer ${credential}`,
        [ROLE_HEADER]: role,
        [VERSIONS_HEADER]: versionsText(versions),
        ...(enrolmentToken !== null && this.#mayEnrol ? { [ENROLMENT_HEADER]: enrolmentToken } : {}),
      },
    })
    const stream = streamOver<NodeFunctions, GatewayFunctions>(socket, {
      functions: { greet: (greeting) => greeted.resolve(greeting) },
      onBlock,
    })
    const failed = new Promise<never>((_, reject) => {
      socket.once('error', (error) => reject(connectionError(url, error)))
      socket.once('unexpected-response', (request, response) => {
        void detailOf(response).then((detail) => {
          const proof = response.headers[REMOVAL_HEADER]
          reject(
            typeof proof === 'string' && this.#deps.isRemoval(credential, proof)
              ? new RemovedGateway(
                  `${url} says that this ${role} was removed from its fleet. To enrol it anew, remove gateway.identity from its data folder, and start it with a new token (${commandToEnrol(role)}).`,
                )
              : refusalOf(url, role, response.statusCode, detail),
          )
          request.destroy()
        })
      })
      void stream.closed.then((reason) => reject(new Error(`${url} has not greeted: ${reason}`)))
      setTimeout(() => reject(new Error(`${url} has not greeted in time.`)), GREETING_MS_MAX).unref()
    })
    const endSilence = endIfSilent(socket, this.#hurrying.signal)
    const end = (): void => socket.terminate()
    this.#ending.signal.addEventListener('abort', end, { once: true })
    void stream.closed.then(() => {
      endSilence()
      this.#ending.signal.removeEventListener('abort', end)
      ended.abort()
    })
    try {
      const greeting = await Promise.race([greeted.promise, failed])
      const agreement = agree(readVersions(greeting.versions) ?? NONE, versions)
      if ('refusal' in agreement) throw new Error(`${url} cannot be used: ${agreement.refusal}`)
      return {
        stream,
        greeting,
        credential,
        ended: ended.signal,
      }
    } catch (error) {
      socket.terminate()
      throw error
    }
  }
}

/** A control node has answered, and does not take this process. */
class Refusal extends Error {}

/** The control node does not know the gateway. */
class UnknownGateway extends Refusal {}

/** It has proved that the gateway was removed. */
class RemovedGateway extends UnknownGateway {}

/** What a control node speaks that says it in a way that cannot be read. */
const NONE: SpokenVersions = { protocol: { lowest: 0, highest: 0 }, records: { lowest: 0, highest: 0 } }

/** The `detail` of a refusal; empty if it has none that can be read. */
async function detailOf(response: IncomingMessage): Promise<string> {
  let text = ''
  try {
    for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) {
      text += part
      if (text.length > REFUSAL_CHARS_MAX) return ''
    }
    const { detail } = JSON.parse(text) as { readonly detail?: unknown }
    return typeof detail === 'string' ? detail : ''
  } catch {
    return ''
  }
}

/** What OpenSSL says when the first bytes that it gets are not of TLS. Its other errors are those of a server with TLS. */
const NOT_TLS = /wrong version number|packet length too long|unexpected message|record layer failure/i

/** What is likely wrong when TLS meets a port without it, or a server that speaks another protocol. */
function connectionError(url: string, error: NodeJS.ErrnoException): Error {
  const { code = '', message } = error
  const hint = NOT_TLS.test(message)
    ? 'Something without TLS answers there. Check the port.'
    : code.startsWith('HPE_')
      ? 'Something else than a control node or relay answers there, or one with TLS. Check the scheme and the port.'
      : message === 'socket hang up'
        ? 'It has closed the connection without an answer. Unless it is just starting or ending, something else than a control node or relay answers there, or one with TLS: check the scheme and the port.'
        : undefined
  return hint === undefined ? error : new Error(`${url} cannot be used. ${hint}`, { cause: error })
}

function refusalOf(url: string, role: FleetRole, status: number | undefined, detail: string): Error {
  if (status === 401) {
    return new UnknownGateway(
      `${url} does not know this ${role}, and its enrolment token is missing, used up or expired. Make a new one on a control node (${commandToEnrol(role)}), and start this ${role} with it.`,
    )
  }
  // It runs in another role than that of its token. Another server that answers 403 does not say why.
  if (status === 403 && detail !== '')
    return new UnknownGateway(`${url} does not take this process: ${detail}`)
  if (status === 409) return new Refusal(`${url} has refused this process: ${detail}`)
  // Also of a proxy that reaches no control node.
  if (status === 502 || status === 503 || status === 504) {
    return new Error(
      `${url} has answered ${status}: no control node is ready there, or its database does not respond. It is asked again.`,
    )
  }
  return new Error(
    `${url} has answered ${status}: it is no control node of this version. Check SALLYPORT_CONTROL_URL.`,
  )
}

/** Ends a connection on which nothing arrives any more, and soon one without a message when the process is in a hurry. */
function endIfSilent(socket: WebSocket, hurrying: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const endAfter = (silentMs: number): void => {
    clearTimeout(timer)
    timer = setTimeout(() => socket.terminate(), silentMs)
    timer.unref()
  }
  const heard = (): void => endAfter(hurrying.aborted ? ENDING_SILENT_MS_MAX : SILENT_MS_MAX)
  for (const event of ['open', 'message'] as const) socket.on(event, heard)
  // Its connection answers pings also while the node cannot answer calls.
  socket.on('ping', () => {
    if (!hurrying.aborted) heard()
  })
  hurrying.addEventListener('abort', heard, { once: true })
  heard()
  return () => {
    clearTimeout(timer)
    hurrying.removeEventListener('abort', heard)
  }
}
