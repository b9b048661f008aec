import { parentPort, workerData } from 'node:worker_threads'
import { type LimiterMemory, RateLimiter } from '../rate-limiter.ts'
import type { RateLimitedRequest } from '../request-limits.ts'

// The program of a thread that counts one request again and again, when it is told to, and says how many were let in.

export interface LimiterThreadData {
  readonly memory: LimiterMemory
  readonly request: Omit<RateLimitedRequest, 'address'>
  readonly times: number
  readonly nowMs: number
}

const { memory, request, times, nowMs } = workerData as LimiterThreadData
const limiter = new RateLimiter(memory)

parentPort?.once('message', () => {
  let within = 0
  for (let count = 0; count < times; count += 1) {
    if (limiter.consume({ ...request, address: () => '192.0.2.1' }, nowMs).kind === 'within') within += 1
  }
  parentPort?.postMessage(within)
})
parentPort?.postMessage('ready')
