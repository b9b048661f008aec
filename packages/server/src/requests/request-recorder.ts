import type { IncomingMessage } from 'node:http'
import { PROBLEMS, type ProblemCode } from '@sallyport/core'
import type { Logger } from 'pino'
import type { AccessLog } from '../config/config.ts'
import type { RequestDurations } from '../telemetry/request-durations.ts'
import type { SpanSink } from '../telemetry/tracing/finished-span.ts'
import type { RequestTrace } from '../telemetry/tracing/request-trace.ts'
import { accessLog } from './access-log.ts'
import { RecentRequests } from './recent-requests.ts'
import { RequestEntry, type EntryDeps } from './request-entry.ts'
import type { RequestSamples } from './request-samples.ts'
import { requestFacts, requestSpan } from './request-telemetry.ts'

export interface RecorderDeps {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly logger: Logger
  /** Which requests get a line in the log. All are kept for a while, whatever it is. */
  readonly accessLog: AccessLog
  readonly durations: Pick<RequestDurations, 'record'>
  readonly traceOf: (request: IncomingMessage) => RequestTrace
  /** Null if no spans are exported. */
  readonly spans: SpanSink | null
  /** Takes requests that have ended, for a control node. */
  readonly samples?: Pick<RequestSamples, 'add'> | undefined
  /** See `RecentRequests`. */
  readonly nextSequence?: (() => number) | undefined
}

/** Records the requests of one gateway: in the access log, in metrics and spans, and for a while in memory. */
export class RequestRecorder {
  readonly recent: RecentRequests
  readonly #entryDeps: EntryDeps
  #isStopping = false

  constructor(deps: RecorderDeps) {
    const { nowMs, monotonicMs, logger, accessLog: setting, durations, spans, samples, traceOf } = deps
    const log = accessLog(logger, setting)
    this.recent = new RecentRequests(deps.nextSequence)
    const onClose = (entry: RequestEntry): void => {
      if (this.#isStopping) entry.stopped()
      const ended = requestFacts(entry)
      durations.record(ended, entry.durationMs / 1000)
      if (spans === null) return
      const { trace } = entry
      if (trace?.isRecorded === true) spans(requestSpan(entry, trace, ended))
    }
    const onEnd = (entry: RequestEntry): void => {
      this.recent.add(entry)
      samples?.add(entry)
      log(entry)
    }
    this.#entryDeps = { nowMs, monotonicMs, traceOf, onEnd, onClose }
  }

  /** Makes the entry of a request that has arrived. */
  begin(request: IncomingMessage): RequestEntry {
    return new RequestEntry(this.#entryDeps, request)
  }

  /** Records a request that was refused before it could be read, with the problem's own status. */
  unreadable(code: ProblemCode, requestId: string, method: string): void {
    const entry = new RequestEntry(this.#entryDeps, null)
    entry.identify(requestId, 'gateway', method)
    entry.failed(code, requestId)
    entry.close(PROBLEMS[code].status, true)
  }

  /** From now on the gateway itself ends the connections of requests that are not complete. */
  stop(): void {
    this.#isStopping = true
  }
}
