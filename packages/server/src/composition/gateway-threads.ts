import { Worker } from 'node:worker_threads'
import { Problem } from '@sallyport/core'
import type { BirpcReturn } from 'birpc'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { GatewayKeys } from '../crypto/derived/gateway-secrets.ts'
import type { FindRequests } from '../requests/recent-requests.ts'
import type { DecisionLease } from '../sync/decision-lease.ts'
import { type ApplyPart, ThreadSnapshots } from '../sync/thread-snapshots.ts'
import type { ThreadMetrics } from '../telemetry/thread-metrics.ts'
import type { GatewayState } from '../threads/gateway-state.ts'
import { callsOver } from '../threads/thread-calls.ts'
import { isDoneWithin } from '../threads/within.ts'
import type { FollowedSnapshot } from './followed-snapshot.ts'
import type { FirstThreadCalls, GatewayThreadCalls, GatewayThreadData } from './gateway-thread-calls.ts'

/** How long a thread may take to say what it has counted or seen, in ms. */
const FACTS_MS_MAX = 5_000
/** How much longer than its requests the answer of a thread may take that closes, in ms. */
const ANSWER_MS_MAX = 250
/** How long a thread may take to hand over what it has counted, in ms, and one that has not answered before. */
const END_MS_MAX = 5_000
const END_OF_HUNG_MS_MAX = 250

/** What further threads of a gateway need of its process. */
export interface ThreadSources {
  readonly config: Config
  readonly keys: GatewayKeys
  readonly state: GatewayState
  readonly whenOver: DecisionLease['whenOver'] | null
  /** Writes lines to the log of the process. */
  readonly log: (lines: string) => void
}

export interface GatewayThreadsDeps extends Pick<
  GatewayThreadData,
  'exportsSpans' | 'failing' | 'limiter' | 'port' | 'reportsRequests'
> {
  readonly sources: ThreadSources
  readonly snapshot: Pick<FollowedSnapshot, 'cell'>
  readonly calls: Omit<FirstThreadCalls, 'log'>
  readonly logger: Logger
}

/** The further threads of a gateway. Disposing them hands over what they have counted, and ends them. */
export interface GatewayThreads extends AsyncDisposable {
  metrics(): Promise<readonly ThreadMetrics[]>
  /** For each thread. */
  readonly findRequests: readonly FindRequests[]
  setHealth(check: string, passes: boolean): void
  /** Stops accepting requests, and waits at most `drainMs` for those in progress. */
  close(drainMs: number): Promise<void>
}

/**
 * Starts the further threads of a gateway, which serve on its port by its snapshot. From then on a snapshot counts as in force
 * when it is in all of them. An unexpected end of a thread ends the process, like any other unexpected error.
 *
 * @throws errors of listening, and of the store of limits
 */
export async function startGatewayThreads({
  sources,
  snapshot: { cell },
  calls,
  logger,
  ...data
}: GatewayThreadsDeps): Promise<GatewayThreads> {
  const { config, keys, state, whenOver, log } = sources
  await using stack = new AsyncDisposableStack()
  // Only when no thread serves any more: until then, a snapshot is not in force without them.
  stack.defer(() => void cell.onShare(undefined))
  const started: StartedThread[] = []
  stack.defer(async () => void (await Promise.all(started.map(async ({ end }) => await end()))))
  for (let thread = 1; thread < config.gatewayThreads; thread += 1) {
    const own = { thread, config, keys, state: state.memory, whenOver, ...data }
    started.push(startThread(own, { ...calls, log }, logger))
  }
  const threads = started.map(({ remote }) => remote)
  const snapshots = new ThreadSnapshots(started.map(({ apply }) => apply))
  const newest = cell.onShare(async (next, records) => await snapshots.send(next, records))
  await snapshots.send(newest, 'all')
  await Promise.all(threads.map(async (thread) => await thread.start()))
  logger.info({ threads: config.gatewayThreads }, 'the gateway serves in several threads')
  const parts = stack.move()
  return {
    metrics: async () => await Promise.all(threads.map(async (thread) => await answerOf(thread.metrics()))),
    findRequests: threads.map(
      (thread): FindRequests =>
        async (organization, query) =>
          await answerOf(thread.findRequests(organization, query)),
    ),
    setHealth(check, passes) {
      for (const thread of threads) void thread.setHealth.asEvent(check, passes)
    },
    close: async (drainMs) => void (await Promise.all(started.map(async (one) => await one.close(drainMs)))),
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** The answer of a thread to a person who waits. @throws Problem `unavailable` when it takes too long */
async function answerOf<T>(asked: Promise<T>): Promise<T> {
  if (await isDoneWithin(FACTS_MS_MAX, asked)) return await asked
  throw new Problem('unavailable', { detail: 'A thread of the gateway does not answer.' })
}

interface StartedThread {
  readonly remote: BirpcReturn<GatewayThreadCalls, FirstThreadCalls>
  readonly apply: ApplyPart
  /** Waits for its answer only a little longer than it may take. */
  readonly close: (drainMs: number) => Promise<void>
  /** Has it hand over what it has counted, and ends it. */
  readonly end: () => Promise<void>
}

function startThread(data: GatewayThreadData, calls: FirstThreadCalls, logger: Logger): StartedThread {
  // Flags of this process are not for the thread: a preloaded module would run there again.
  const worker = new Worker(new URL('./gateway-thread-program.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
  })
  let isExpected = false
  worker.once('exit', (code) => {
    if (!isExpected) throw new Error(`A thread of the gateway has ended (${code})`)
  })
  const remote = callsOver<GatewayThreadCalls, FirstThreadCalls>(worker, calls)
  let isOver = false
  // It must not keep the process from its end, and with that what other threads have counted.
  let hangs = false
  return {
    remote,
    async apply(part) {
      // A thread that has ended lets nothing in.
      if (isOver) return
      try {
        await remote.apply(part)
      } catch (error) {
        if (!isOver) throw error
      }
    },
    async close(drainMs) {
      hangs = !(await isDoneWithin(drainMs + ANSWER_MS_MAX, remote.close(drainMs)))
    },
    async end() {
      try {
        if (await isDoneWithin(hangs ? END_OF_HUNG_MS_MAX : END_MS_MAX, remote.end())) return
        const { thread } = data
        logger.error({ thread }, 'a thread of the gateway does not answer; what it has counted last is lost')
      } finally {
        isExpected = true
        await worker.terminate()
        isOver = true
        void remote.$rejectPendingCalls()
      }
    },
  }
}
