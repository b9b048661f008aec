import type { DecidedRequest } from '@sallyport/sdk'
import { csv } from '../../format/csv.ts'

const COLUMNS = [
  'at',
  'requestId',
  'status',
  'code',
  'method',
  'environment',
  'pipeline',
  'version',
  'consumer',
  'key',
  'entrance',
  'end',
  'durationMs',
  'upstreamMs',
  'requestBytes',
  'responseBytes',
] as const satisfies readonly (keyof DecidedRequest)[]

/** Requests as CSV, with the names of the API as its header. */
export function requestsAsCsv(requests: readonly DecidedRequest[]): string {
  return csv([COLUMNS, ...requests.map((request) => COLUMNS.map((column) => request[column]))])
}
