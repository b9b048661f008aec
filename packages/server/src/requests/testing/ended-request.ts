import { RequestEntry } from '../request-entry.ts'
import type { RequestRecord } from '../request-record.ts'

/** An entry of a request that has ended: one of `acme` that was let in, unless the facts say otherwise. */
export function endedRequest(facts: Partial<RequestRecord> = {}): RequestEntry {
  const deps = {
    nowMs: () => 0,
    monotonicMs: () => 0,
    traceOf: () => {
      throw new Error('an entry without a request has no trace')
    },
    onEnd: () => undefined,
    onClose: () => undefined,
  }
  const entry = new RequestEntry(deps, null)
  return Object.assign(entry, {
    organization: 'acme',
    environment: 'test',
    project: 'default',
    pipeline: 'orders',
    version: '1.0',
    code: 'valid',
    method: 'GET',
    status: 200,
    end: 'sent',
    ...facts,
  })
}
