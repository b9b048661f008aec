import { LET_IN_CODE, type RequestRecord } from './request-record.ts'

/** A request that is kept for a while, of this gateway or of another one. */
export interface KeptRequest extends Pick<
  RequestRecord,
  'requestId' | 'atMs' | 'organization' | 'environment' | 'project' | 'pipeline' | 'keyId' | 'consumer'
> {
  readonly code: string | null
  /** Its number among the kept requests, counting up; 0 until it is kept. */
  sequence: number
  readonly isRefused: boolean
  toRecord(): RequestRecord
}

/** A request that another gateway has reported. */
export function reportedRequest(record: RequestRecord): KeptRequest {
  return { ...record, sequence: 0, isRefused: record.code !== LET_IN_CODE, toRecord: () => record }
}
