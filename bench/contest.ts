import { type LoadPlan, Load } from './load/load.ts'
import type { Comparison, Round } from './results.ts'
import type { RunningServer } from './target-process.ts'
import { CONNECTIONS, type Pace } from './settings.ts'
import { spreadOf } from './statistics.ts'

export interface Contestant {
  readonly name: string
  readonly server: RunningServer
  /** What it is asked, in turn; every answer must be 200. */
  readonly requests: readonly Buffer[]
  /** A request that it must answer with 401, where it checks anything: a server that lets all in measures nothing. */
  readonly refused?: Buffer
}

export interface Contest {
  readonly name: string
  readonly ours: Contestant
  readonly theirs: Contestant
  readonly target?: number
  readonly note?: string
}

/** A server whose process uses this share of its core has no more to give; the rest is the kernel's and the clock's. */
const BUSY_AT_LEAST = 0.95

/**
 * Measures two servers in turn. The machine's speed drifts, so each round is compared with its neighbour alone, and
 * the median of these ratios counts.
 */
export async function compare(
  { name, ours, theirs, target, note }: Contest,
  pace: Pace,
): Promise<Comparison> {
  for (const contestant of [theirs, ours]) {
    await mustRefuse(contestant)
    await playRound(contestant, pace.warmUpMs)
  }
  const rounds: { theirs: Round; ours: Round }[] = []
  for (let round = 0; round < pace.rounds; round += 1) {
    rounds.push({
      theirs: await playRound(theirs, pace.roundMs),
      ours: await playRound(ours, pace.roundMs),
    })
  }
  const bothBusy = rounds.every(
    (pair) => pair.theirs.serverBusy >= BUSY_AT_LEAST && pair.ours.serverBusy >= BUSY_AT_LEAST,
  )
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
    basis: bothBusy ? 'requests/s' : 'cpu/request',
    target,
    note,
  }
}

async function mustRefuse({ server, refused }: Contestant): Promise<void> {
  if (refused === undefined) return
  using load = await Load.open({ port: server.port, requests: [refused], connections: 1, status: 401 })
  await load.run(0)
}

async function playRound({ server, requests }: Contestant, durationMs: number): Promise<Round> {
  // A new set of connections each round: while the other contestant has its turn, a server would close idle ones.
  const plan: LoadPlan = { port: server.port, requests, connections: CONNECTIONS, status: 200 }
  using load = await Load.open(plan)
  const loadBefore = process.cpuUsage()
  const serverBefore = await server.cpuMicros()
  const figures = await load.run(durationMs)
  const serverMicros = (await server.cpuMicros()) - serverBefore
  const loadUse = process.cpuUsage(loadBefore)
  const elapsedMicros = figures.elapsedMs * 1000
  return {
    requestsPerSecond: (figures.requests * 1e6) / elapsedMicros,
    cpuMicrosPerRequest: serverMicros / figures.requests,
    serverBusy: serverMicros / elapsedMicros,
    loadBusy: (loadUse.user + loadUse.system) / elapsedMicros,
    p50Micros: figures.p50Micros,
    p99Micros: figures.p99Micros,
  }
}
