import { Load } from './load/load.ts'
import type { Comparison, Round } from './results.ts'
import type { RunningServer } from './target-process.ts'
import { CONNECTIONS, type Settings } from './settings.ts'
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
  { pace, cores }: Settings,
): Promise<Comparison> {
  const staysAwake = cores.loadIsApart
  for (const contestant of [theirs, ours]) {
    await mustRefuse(contestant)
    await playRound(contestant, pace.warmUpMs, staysAwake)
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
  ].every(({ median }) => median >= BUSY_AT_LEAST)
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
  const plan = { port: server.port, requests: [refused], connections: 1, status: 401, staysAwake: false }
  using load = await Load.open(plan)
  await load.run(0)
}

async function playRound(
  { server, requests }: Contestant,
  durationMs: number,
  staysAwake: boolean,
): Promise<Round> {
  // A new set of connections each round: while the other contestant has its turn, a server would close idle ones.
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
