import { afterAll, expect, test } from 'vitest'
import { percentileOf } from '../../bench/statistics.ts'
import { setUpAcme, type ApiClient } from '../support/api-client.ts'
import { createCaller, publishKind, publishLogin } from '../support/lasting-access.ts'
import { openExchange } from '../support/lasting-exchange.ts'
import { LastingUpstream } from '../support/lasting-upstream.ts'
import { NumberedFrames } from '../support/numbered-frames.ts'
import { Probe } from '../support/probe.ts'
import { REVOCATION_KINDS, type Place, type Subject } from '../support/revocation-kinds.ts'
import { startServersOn } from '../support/server-on-database.ts'
import { eventually } from '../support/eventually.ts'

/** On PostgreSQL each takes three times as long, and the servers do the same. */
const REVOCATIONS = {
  sqlite: Number(process.env['REVOCATIONS'] ?? 1000),
  postgres: Number(process.env['REVOCATIONS'] ?? 250),
}
/** What the callers do: plain requests, WebSockets and event streams. */
const CALLERS = [
  ...Array.from({ length: 8 }, () => 'plain' as const),
  'ws',
  'ws',
  'events',
  'events',
] as const
type CallerKind = (typeof CALLERS)[number]
/** How often each end of an open exchange sends a frame, in ms. */
const FRAME_MS = 10
/** How long a caller waits between two plain requests to a gateway, in ms, until the receipt has arrived. */
const PAUSE_MS = 10
/** How long the end of an exchange is waited for after the receipt, in ms, until it counts as missing. */
const END_MS_MAX = 20_000
/** Refusals per gateway that are awaited after a receipt. */
const REFUSALS = 2

const upstream = await LastingUpstream.start()
afterAll(async () => await upstream[Symbol.asyncDispose]())

/** What one revocation took, in ms. */
interface Figures {
  readonly kind: string
  readonly receiptMs: number
  /** From the call, or from the expiry that it set, to the start of the last request or frame that got through. */
  readonly lastAcceptMs: number
}

/** Calls with subjects that are revoked, and with a key that is not. */
class Caller {
  readonly kind: CallerKind
  readonly #place: Place
  /** Of each control plane. */
  readonly #clients: readonly ApiClient[]
  readonly #gatewayUrls: readonly string[]
  /** What went wrong, in words. */
  readonly violations: string[] = []
  readonly figures: Figures[] = []
  /** Frames are sent on these. */
  readonly frames = new Set<NumberedFrames>()
  #opened = 0

  constructor(kind: CallerKind, place: Place, clients: readonly ApiClient[], gatewayUrls: readonly string[]) {
    this.kind = kind
    this.#place = place
    this.#clients = clients
    this.#gatewayUrls = gatewayUrls
  }

  /** Prepares a subject of a kind, calls with it, revokes it, and calls until it is refused. */
  async run(kind: string, turn: number): Promise<void> {
    const client = (offset: number): ApiClient => {
      const chosen = this.#clients[(turn + offset) % this.#clients.length]
      if (chosen === undefined) throw new Error('there is no control plane')
      return chosen
    }
    const prepare = REVOCATION_KINDS[kind]
    if (prepare === undefined) throw new Error(`unknown kind ${kind}`)
    const subject = await prepare(client(0), this.#place)
    const revocation = new Revocation(subject, client(1), (text) => this.violations.push(`${kind}: ${text}`))
    await Promise.all(this.#gatewayUrls.map(async (url) => await this.#warmUp(url, subject)))
    await Promise.all([
      ...this.#gatewayUrls.map(async (url) =>
        this.kind === 'plain'
          ? await this.#callPlainly(url, revocation)
          : await this.#exchangeFrames(this.kind, url, revocation),
      ),
      revocation.revokeWhenReady(this.#gatewayUrls.length),
    ])
    this.figures.push({ kind, ...revocation.figures() })
    await subject.restore?.(client(0))
  }

  /** Opens an exchange to each gateway with the key that is not revoked. */
  async openNeighbours(stack: AsyncDisposableStack): Promise<NumberedFrames[]> {
    if (this.kind === 'plain') return []
    const opened = []
    for (const url of this.#gatewayUrls) {
      const subject = { pipeline: this.kind, headers: { 'x-api-key': this.#place.token } }
      await this.#warmUp(url, subject)
      opened.push(await this.#open(this.kind, url, subject, stack))
    }
    return opened
  }

  async #warmUp(url: string, { pipeline, headers }: Pick<Subject, 'pipeline' | 'headers'>): Promise<void> {
    using probe = new Probe(url)
    await eventually(async () =>
      expect(await probe.get(`/acme/prod/${pipeline}?plain`, headers)).toMatchObject({ outcome: '200' }),
    )
  }

  async #callPlainly(url: string, revocation: Revocation): Promise<void> {
    using probe = new Probe(url)
    const { subject } = revocation
    for (let refusals = 0; refusals < REFUSALS;) {
      const { startedAtMs, outcome } = await probe.get(
        `/acme/prod/${subject.pipeline}?plain`,
        subject.headers,
      )
      if (outcome === '200') revocation.accepted(startedAtMs)
      else if (startedAtMs > revocation.confirmedAtMs && outcome === subject.refusal) refusals += 1
      else if (performance.now() < revocation.calledAtMs || startedAtMs > revocation.confirmedAtMs)
        revocation.report(`a request got ${outcome}`)
      else if (outcome !== 'broken' && outcome !== subject.refusal)
        revocation.report(`a request during the revocation got ${outcome}`)
      if (startedAtMs > revocation.confirmedAtMs && outcome !== subject.refusal) return
      const neighbour = await probe.get('/acme/prod/events?plain', { 'x-api-key': this.#place.token })
      if (neighbour.outcome !== '200') revocation.report(`a neighbour got ${neighbour.outcome}`)
      if (outcome === '200') revocation.ready(url)
      await revocation.confirmedWithin(PAUSE_MS)
    }
  }

  async #exchangeFrames(kind: 'ws' | 'events', url: string, revocation: Revocation): Promise<void> {
    await using stack = new AsyncDisposableStack()
    const frames = await this.#open(kind, url, revocation.subject, stack)
    revocation.ready(url)
    await revocation.confirmed
    frames.send()
    frames.send()
    const missing = setTimeout(() => frames.exchange.caller.socket.destroy(), END_MS_MAX)
    const text = await frames.untilClosed()
    clearTimeout(missing)
    this.frames.delete(frames)
    revocation.accepted(frames.lastPassedAtMs())
    const code = revocation.subject.refusal.slice(4)
    const isInOrder = kind === 'ws' ? text.endsWith(`\x03\xf0${code}`) : !text.endsWith('0\r\n\r\n')
    if (!isInOrder) revocation.report(`the end of ${kind} was ${JSON.stringify(text.slice(-60))}`)
    using probe = new Probe(url)
    const { subject } = revocation
    const { outcome } = await probe.get(`/acme/prod/${subject.pipeline}?plain`, subject.headers)
    if (outcome !== subject.refusal) revocation.report(`a request got ${outcome}`)
  }

  /** Opens an exchange on which frames are sent until the stack is disposed. */
  async #open(
    kind: 'ws' | 'events',
    url: string,
    { pipeline, headers }: Pick<Subject, 'pipeline' | 'headers'>,
    stack: AsyncDisposableStack,
  ): Promise<NumberedFrames> {
    this.#opened += 1
    const query = `${this.#place.pipeline}-${this.#opened}`
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    const port = Number(new URL(url).port)
    const exchange = await openExchange(kind, port, upstream, lines.join(''), { pipeline, query })
    stack.use(exchange.caller)
    const frames = new NumberedFrames(exchange)
    this.frames.add(frames)
    stack.defer(() => void this.frames.delete(frames))
    await frames.untilPassing()
    return frames
  }
}

/** One revocation, and what was accepted before and after it. */
class Revocation {
  readonly subject: Subject
  readonly report: (text: string) => void
  readonly #acme: ApiClient
  readonly #ready = new Set<string>()
  #onReady: () => void = () => undefined
  readonly #confirmed = Promise.withResolvers<undefined>()
  /** By the monotonic clock; `Infinity` until then. */
  calledAtMs = Infinity
  /** When the receipt had arrived, and the expiry that it is about had passed. */
  confirmedAtMs = Infinity
  #receiptMs = 0
  #endsAtMs = 0
  #lastAcceptedAtMs = 0

  constructor(subject: Subject, acme: ApiClient, report: (text: string) => void) {
    this.subject = subject
    this.#acme = acme
    this.report = report
  }

  get confirmed(): Promise<undefined> {
    return this.#confirmed.promise
  }

  /** Waits for the receipt, but not for longer than this. */
  async confirmedWithin(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const paused = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)))
    await Promise.race([this.#confirmed.promise, paused])
    clearTimeout(timer)
  }

  /** Called by the calls at one gateway when they get through. */
  ready(gatewayUrl: string): void {
    this.#ready.add(gatewayUrl)
    this.#onReady()
  }

  /** Something that was sent at this time got through. */
  accepted(sentAtMs: number): void {
    this.#lastAcceptedAtMs = Math.max(this.#lastAcceptedAtMs, sentAtMs)
    if (sentAtMs > this.confirmedAtMs) {
      this.report(`accepted what was sent ${(sentAtMs - this.confirmedAtMs).toFixed(2)} ms after the receipt`)
    }
  }

  async revokeWhenReady(gateways: number): Promise<void> {
    while (this.#ready.size < gateways) await new Promise<void>((resolve) => (this.#onReady = resolve))
    this.calledAtMs = performance.now()
    const { receipt } = await this.subject.revoke(this.#acme)
    this.#receiptMs = performance.now() - (this.subject.calledAtMs ?? this.calledAtMs)
    if (receipt?.['confirmed'] !== (true as unknown)) this.report('the receipt was not confirmed')
    const named = (receipt?.['gateways'] as unknown as unknown[] | undefined)?.length
    if (named !== gateways) this.report(`the receipt named ${named} gateways`)
    const { endsAtMs = 0 } = this.subject
    while (Date.now() < endsAtMs) await new Promise((resolve) => setTimeout(resolve, endsAtMs - Date.now()))
    this.confirmedAtMs = performance.now()
    this.#endsAtMs = endsAtMs === 0 ? this.calledAtMs : performance.now() - (Date.now() - endsAtMs)
    this.#confirmed.resolve(undefined)
  }

  figures(): Omit<Figures, 'kind'> {
    return {
      receiptMs: this.#receiptMs,
      lastAcceptMs: Math.max(0, this.#lastAcceptedAtMs - this.#endsAtMs),
    }
  }
}

function summary(values: readonly number[]): string {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (percent: number): string => percentileOf(sorted, percent).toFixed(1)
  return `p50 ${at(50)} ms, p99 ${at(99)} ms, max ${at(100)} ms`
}

function print(title: string, figures: readonly Figures[]): void {
  const receipts = figures.map(({ receiptMs }) => receiptMs)
  const accepts = figures.map(({ lastAcceptMs }) => lastAcceptMs)
  console.log(
    `${title} (${figures.length}): call to receipt ${summary(receipts)}; call to last accept ${summary(accepts)}`,
  )
}

test.each(['sqlite', 'postgres'] as const)(
  'on %s, nothing that is sent after a confirmed receipt gets through',
  { timeout: 600_000 },
  async (database) => {
    await using stack = new AsyncDisposableStack()
    const servers = await startServersOn(database, stack)
    const acme = await setUpAcme(servers[0])
    const clients = servers.map(({ controlUrl }) => acme.at(controlUrl))
    const gatewayUrls = servers.map(({ gatewayUrl }) => gatewayUrl)
    await publishLogin(acme)
    await publishKind(acme, upstream, 'ws', { apiKey: true })
    await publishKind(acme, upstream, 'events', { apiKey: true })

    const callers: Caller[] = []
    for (const [index, kind] of CALLERS.entries()) {
      const pipeline = `caller-${index}`
      const jwtPipeline = `${pipeline}-jwt`
      const exchange = kind === 'plain' ? 'events' : kind
      const deploymentId = await publishKind(acme, upstream, exchange, { apiKey: true }, pipeline)
      await publishKind(acme, upstream, exchange, { jwt: true }, jwtPipeline)
      const { consumerId, token } = await createCaller(acme, [pipeline, 'ws', 'events'])
      const place = {
        pipeline,
        jwtPipeline,
        consumerId,
        token,
        gatewayUrl: servers[0].gatewayUrl,
        deploymentId,
      }
      callers.push(new Caller(kind, place, clients, gatewayUrls))
    }
    const ticker = setInterval(() => {
      for (const caller of callers) for (const frames of caller.frames) frames.send()
    }, FRAME_MS)
    stack.defer(() => clearInterval(ticker))
    const neighbours = (
      await Promise.all(callers.map(async (caller) => await caller.openNeighbours(stack)))
    ).flat()

    const kinds = Object.keys(REVOCATION_KINDS)
    const startedAtMs = performance.now()
    await Promise.all(
      callers.map(async (caller, index) => {
        for (let round = 0; round * callers.length + index < REVOCATIONS[database]; round += 1) {
          await caller.run(kinds[(round + index) % kinds.length] ?? '', round + index)
        }
      }),
    )
    const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1)

    clearInterval(ticker)
    await Promise.all(neighbours.map(async (frames) => await frames.untilAllPassed()))
    const figures = callers.flatMap((caller) => caller.figures)
    print(`${database}, ${servers.length} gateways, ${seconds} s`, figures)
    for (const kind of kinds) {
      print(
        `  ${kind}`,
        figures.filter((each) => each.kind === kind),
      )
    }
    expect(callers.flatMap(({ violations }) => violations)).toEqual([])
    expect(figures).toHaveLength(REVOCATIONS[database])
  },
)
