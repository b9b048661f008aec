import { Load } from './load/load.ts'
import type { Basis, Comparison, Round } from './results.ts'
import type { RunningServer } from './target-process.ts'
import { CONNECTIONS, type Settings } from './settings.ts'
import { spreadOf } from './statistics.ts'

/** A server in a comparison, and the requests to send it. */
export interface Candidate {
  readonly name: string
  readonly server: RunningServer
  /** The requests, sent in turn; every response must be 200. */
  readonly requests: readonly Buffer[]
  /** A request that must get a 401. It proves that the server really checks credentials; absent if it does not. */
  readonly refused?: Buffer
}

export interface ComparisonPlan {
  readonly name: string
  readonly ours: Candidate
  readonly theirs: Candidate
  readonly target?: number
  /** The measure to compare by; unless given, requests per second if both servers saturate their core. */
  readonly basis?: Basis
  readonly note?: string
}

/** The share of its core above which a server counts as saturated; the kernel and the timer use the rest. */
const SATURATED_SHARE_MIN = 0.95

/**
 * Measures two servers in alternating rounds. The machine's speed drifts, so each round is compared only with its
 * neighbour, and the result is the median of these ratios.
 */
export async function compare(
  { name, ours, theirs, target, basis, note }: ComparisonPlan,
  { pace, cores }: Settings,
): Promise<Comparison> {
  const staysAwake = cores.hasSeparateLoadCore
  for (const candidate of [theirs, ours]) {
    await mustRefuse(candidate)
    await playRound(candidate, pace.warmUpMs, staysAwake)
  }
  const rounds: { theirs: Round; ours: Round }[] = []
  for (let round = 0; round < pace.rounds; round += 1) {
    rounds.push({
      theirs: await playRound(theirs, pace.roundMs, staysAwake),
      ours: await playRound(ours, pace.roundMs, staysAwake),
    })
  }
  const bothBusy = [
    spreadOf(rounds.map((pair) => pair.theirs.serverBusy)),
    spreadOf(rounds.map((pair) => pair.ours.serverBusy)),
  ].every(({ median }) => median >= SATURATED_SHARE_MIN)
  return {
    kind: 'comparison',
    name,
    ours: ours.name,
    theirs: theirs.name,
    rounds,
    throughputRatio: spreadOf(
      rounds.map((pair) => pair.ours.requestsPerSecond / pair.theirs.requestsPerSecond),
    ),
    cpuRatio: spreadOf(rounds.map((pair) => pair.theirs.cpuMicrosPerRequest / pair.ours.cpuMicrosPerRequest)),
    basis: basis ?? (bothBusy ? 'requests/s' : 'cpu/request'),
    areSaturated: bothBusy,
    target,
    note,
  }
}

async function mustRefuse({ server, refused }: Candidate): Promise<void> {
  if (refused === undefined) return
  const plan = { port: server.port, requests: [refused], connections: 1, status: 401, staysAwake: false }
  using load = await Load.open(plan)
  await load.run(0)
}

async function playRound(
  { server, requests }: Candidate,
  durationMs: number,
  staysAwake: boolean,
): Promise<Round> {
  // Each round opens new connections, because a server closes idle ones during the other server's round.
  const plan = { port: server.port, requests, connections: CONNECTIONS, status: 200, staysAwake }
  using load = await Load.open(plan)
  const serverBefore = await server.cpuMicros()
  const figures = await load.run(durationMs)
  const serverMicros = (await server.cpuMicros()) - serverBefore
  const elapsedMicros = figures.elapsedMs * 1000
  return {
    requestsPerSecond: (figures.requests * 1e6) / elapsedMicros,
    cpuMicrosPerRequest: serverMicros / figures.requests,
    serverBusy: serverMicros / elapsedMicros,
    p50Micros: figures.p50Micros,
    p99Micros: figures.p99Micros,
  }
}
