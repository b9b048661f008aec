import type { LimitFact } from '@sallyport/core'
import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { Registry } from 'prom-client'
import { gatewaySecrets } from '../crypto/derived/gateway-secrets.ts'
import { RateLimiter } from '../gateway/credentials/rate-limiter.ts'
import type { RateLimitedRequest } from '../gateway/credentials/request-limits.ts'
import type { DecisionLease } from '../sync/decision-lease.ts'
import { FollowedThread } from '../sync/followed-thread.ts'
import { SnapshotCell } from '../sync/snapshot-cell.ts'
import { createLogger } from '../telemetry/logger.ts'
import { RequestDurations } from '../telemetry/request-durations.ts'
import { threadMetrics } from '../telemetry/thread-metrics.ts'
import { GatewayState } from '../threads/gateway-state.ts'
import { processClock } from '../threads/process-clock.ts'
import { callsOver } from '../threads/thread-calls.ts'
import { decidingBy } from './followed-snapshot.ts'
import { startGatewayServer, type GatewayServer } from './gateway-server.ts'
import type { FirstThreadCalls, GatewayThreadCalls, GatewayThreadData } from './gateway-thread-calls.ts'

// The program of a further thread of a gateway, which `startGatewayThreads` starts: it serves on the same port by the same
// snapshot. What a process needs once, it asks the first thread.

/** How often it says how many exchanges it has open, in ms. */
const COUNT_MS = 100

if (parentPort === null) throw new Error('This file is the program of a thread')
const {
  thread,
  config,
  port,
  state: memory,
  whenOver,
  keys,
  limiter,
  failing,
  ...data
} = workerData as GatewayThreadData
const nowMs = Date.now
const monotonicMs = processClock()
const stack = new AsyncDisposableStack()
const state = new GatewayState(memory)
const secrets = gatewaySecrets(keys)
const cell = new SnapshotCell(state.upToDateAt)
const followed = new FollowedThread(cell)
const lease = whenOver === null ? undefined : leaseOf(whenOver)
const failingChecks = new Set(failing)
const registry = new Registry()
const durations = new RequestDurations(registry)
let server: GatewayServer | undefined

const calls: GatewayThreadCalls = {
  apply: async (part) => await followed.apply(part),
  async start() {
    server = stack.use(
      await startGatewayServer({
        config: { ...config, gateway: { ...config.gateway, port } },
        snapshot: { cell, ...decidingBy(cell, lease, monotonicMs) },
        logger,
        nowMs,
        monotonicMs,
        registry,
        durations,
        ...secrets,
        limiter: limiter === null ? { consume: consumeInFirst } : new RateLimiter(limiter),
        passwords: { verify: async (...asked) => await first.verifyPassword(...asked) },
        expressions: { evaluate: async (request) => await first.evaluate(request) },
        health: { passes: (check) => !failingChecks.has(check) },
        spans: data.exportsSpans ? (span) => void first.addSpan.asEvent(span) : null,
        metrics: async () => await first.metrics(),
        nextRequest: () => state.nextRequest(),
        addUsage: async (rows, report) => await first.addUsage(rows, report),
        addRequests: data.reportsRequests ? async (records) => await first.addRequests(records) : undefined,
      }),
    )
    const { gateway } = server
    const timer = setInterval(() => state.setExchanges(thread, gateway.openExchanges), COUNT_MS).unref()
    stack.defer(() => clearInterval(timer))
    flushCompileCache()
  },
  metrics: async () => await threadMetrics(registry, durations),
  findRequests: (organization, query) =>
    server?.gateway.recent.find(organization, query) ?? { found: [], hasMore: false },
  setHealth(check, passes) {
    if (passes) failingChecks.delete(check)
    else failingChecks.add(check)
  },
  async close(drainMs) {
    await server?.gateway.close(drainMs)
  },
  async end() {
    await stack.disposeAsync()
  },
}
const first = callsOver<FirstThreadCalls, GatewayThreadCalls>(parentPort, calls)
// One thread writes the log, so that no two records are mixed. It gets the lines of one turn together.
let lines = ''
const logger = createLogger(config.logLevel, {
  write(line) {
    if (lines === '') {
      setImmediate(() => {
        void first.log.asEvent(lines)
        lines = ''
      })
    }
    lines += line
  },
})

async function consumeInFirst({ address, ...request }: RateLimitedRequest, atMs: number): Promise<LimitFact> {
  return await first.consume({ ...request, clientAddress: address() }, atMs)
}

/** The lease that the first thread keeps. @param cutOff what it does when it is cut off */
function leaseOf(cutOff: DecisionLease['whenOver']): DecisionLease {
  return {
    isOver: () => monotonicMs() >= state.leaseEnd.ms,
    get whenOver() {
      return state.removed.isSet ? 'refuse-all' : cutOff
    },
    get isRemoved() {
      return state.removed.isSet
    },
  }
}
