import { Worker } from 'node:worker_threads'
import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { GatewayKeys } from '../crypto/derived/gateway-secrets.ts'
import type { FindRequests } from '../requests/recent-requests.ts'
import type { DecisionLease } from '../sync/decision-lease.ts'
import { ThreadSnapshots } from '../sync/thread-snapshots.ts'
import type { ThreadMetrics } from '../telemetry/thread-metrics.ts'
import type { GatewayState } from '../threads/gateway-state.ts'
import { callsOver } from '../threads/thread-calls.ts'
import type { FollowedSnapshot } from './followed-snapshot.ts'
import type { FirstThreadCalls, GatewayThreadCalls, GatewayThreadData } from './gateway-thread-calls.ts'

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
  const numbers = Array.from({ length: config.gatewayThreads - 1 }, (_, index) => index + 1)
  const threads = numbers.map((thread) => {
    const ending = { isExpected: false }
    const started = startThread({ thread, config, keys, state: state.memory, whenOver, ...data }, ending)
    const remote = callsOver<GatewayThreadCalls, FirstThreadCalls>(started, { ...calls, log })
    stack.defer(async () => {
      await remote.end()
      ending.isExpected = true
      await started.terminate()
    })
    return remote
  })
  const snapshots = new ThreadSnapshots(threads.map((thread) => async (part) => await thread.apply(part)))
  const newest = cell.onShare(async (next, records) => await snapshots.send(next, records))
  await snapshots.send(newest, 'all')
  // A thread that has ended answers nothing, and this one must not wait for it.
  stack.defer(async () => {
    cell.onShare(undefined)
    await snapshots.settled()
  })
  await Promise.all(threads.map(async (thread) => await thread.start()))
  logger.info({ threads: config.gatewayThreads }, 'the gateway serves in several threads')
  const parts = stack.move()
  return {
    metrics: async () => await Promise.all(threads.map(async (thread) => await thread.metrics())),
    findRequests: threads.map(
      (thread): FindRequests =>
        async (organization, query) =>
          await thread.findRequests(organization, query),
    ),
    setHealth(check, passes) {
      for (const thread of threads) void thread.setHealth.asEvent(check, passes)
    },
    close: async (drainMs) =>
      void (await Promise.all(threads.map(async (thread) => await thread.close(drainMs)))),
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

function startThread(data: GatewayThreadData, ending: { readonly isExpected: boolean }): Worker {
  // Flags of this process are not for the thread: a preloaded module would run there again.
  const thread = new Worker(new URL('./gateway-thread-program.ts', import.meta.url), {
    workerData: data,
    execArgv: [],
  })
  thread.once('exit', (code) => {
    if (!ending.isExpected) throw new Error(`A thread of the gateway has ended (${code})`)
  })
  return thread
}
