import { PROBLEMS, type ProblemCode } from '@sallyport/core'
import type { Logger } from 'pino'
import type { AccessLog } from '../config/config.ts'
import { accessLog } from './access-log.ts'
import { RecentRequests } from './recent-requests.ts'
import { RequestEntry, type EntryDeps } from './request-entry.ts'

export interface RecorderDeps {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly logger: Logger
  /** Which requests get a line in the log. All are kept for a while, whatever it is. */
  readonly accessLog: AccessLog
}

/** Records the requests of one gateway: in the access log, and for a while in memory. */
export class RequestRecorder {
  readonly recent = new RecentRequests()
  readonly #entryDeps: EntryDeps
  #isStopping = false

  constructor({ nowMs, monotonicMs, logger, accessLog: setting }: RecorderDeps) {
    const log = accessLog(logger, setting)
    const onEnd = (entry: RequestEntry): void => {
      if (this.#isStopping) entry.stopped()
      this.recent.add(entry)
      log(entry)
    }
    this.#entryDeps = { nowMs, monotonicMs, onEnd }
  }

  /** Makes the entry of a request that has arrived. */
  begin(): RequestEntry {
    return new RequestEntry(this.#entryDeps)
  }

  /** Records a request that was refused before it could be read, with the problem's own status. */
  unreadable(code: ProblemCode, requestId: string, method: string): void {
    const entry = this.begin()
    entry.identify(requestId, 'gateway', method)
    entry.failed(code, requestId)
    entry.close(PROBLEMS[code].status, true)
  }

  /** From now on the gateway itself ends the connections of requests that are not complete. */
  stop(): void {
    this.#isStopping = true
  }
}
