import { STATUS_CODES, type ServerResponse } from 'node:http'
import {
  challenge,
  PROBLEMS,
  problemBody,
  type Denied,
  type DenyReason,
  type ProblemCode,
} from '@sallyport/core'
import { appendRateLimits } from '../headers/rate-limit-headers.ts'
import { entryOf, withoutCompression } from './gateway-response.ts'
import { sendResponse } from './send-response.ts'

/** The answer for a problem, without the headers of its request. */
interface PreparedProblem {
  readonly status: number
  /** A string, since Node.js sends it in one write with the headers. */
  readonly body: string
  /** Alternating names and values. */
  readonly headers: readonly string[]
}

const prepared = new Map<ProblemCode, PreparedProblem>()

/** A problem's response with its default detail, prepared on first use. */
function prepare(code: ProblemCode): PreparedProblem {
  let problem = prepared.get(code)
  if (problem === undefined) {
    problem = makeProblem(code, JSON.stringify(problemBody(code)))
    prepared.set(code, problem)
  }
  return problem
}

function makeProblem(code: ProblemCode, body: string): PreparedProblem {
  const { status } = PROBLEMS[code]
  const headers = problemHeaders(code, body)
  // Only decisions give 401, and each of their reasons has a challenge.
  if (status === 401) headers.push('www-authenticate', challenge(code as DenyReason))
  return { status, body, headers }
}

function problemHeaders(code: string, body: string): string[] {
  return [
    'content-type',
    'application/problem+json',
    'content-length',
    String(Buffer.byteLength(body)),
    'cache-control',
    'no-store',
    'x-sallyport-code',
    code,
  ]
}

/** What a problem response contains beyond its code. */
export interface ProblemDetails {
  readonly detail?: string
  readonly extensions?: Readonly<Record<string, unknown>>
  /** The statuses that the calling proxy supports; any other becomes 403. */
  readonly statuses?: ReadonlySet<number>
  /** Repeats status and body in headers, for a calling proxy that passes on neither. */
  readonly describesAnswer?: boolean
  /** Ends the connection with the response, and does not read the rest of the request's body. */
  readonly closesAtOnce?: boolean
}

/** The answer for a problem (RFC 9457). */
export function problemAnswer(
  code: ProblemCode,
  { detail, extensions }: Pick<ProblemDetails, 'detail' | 'extensions'> = {},
): PreparedProblem {
  return detail === undefined && extensions === undefined
    ? prepare(code)
    : makeProblem(code, JSON.stringify(problemBody(code, detail, extensions ?? {})))
}

/**
 * Sends a problem (RFC 9457) and ends the response.
 *
 * @param extraHeaders alternating names and values
 */
export function sendProblem(
  response: ServerResponse,
  code: ProblemCode,
  requestId: string,
  extraHeaders: readonly string[],
  details: ProblemDetails = {},
): void {
  entryOf(response)?.failed(code, requestId)
  withoutCompression(response)
  const problem = problemAnswer(code, details)
  const headers = ['x-request-id', requestId, ...problem.headers, ...extraHeaders]
  if (details.describesAnswer === true) {
    headers.push('x-sallyport-status', String(problem.status), 'x-sallyport-problem', inAscii(problem.body))
  }
  const isSupported = details.statuses === undefined || details.statuses.has(problem.status)
  sendResponse(response, isSupported ? problem.status : 403, headers, problem.body, details.closesAtOnce)
}

/** The same JSON without characters that a header cannot hold (RFC 8259 section 7). */
function inAscii(json: string): string {
  return json.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A problem that the pipeline's author defines in an `assert` step. */
export interface AuthorProblem {
  readonly status: number
  readonly code: string
  readonly detail: string
}

/** Sends an author's problem in the same format and ends the response. */
export function sendAuthorProblem(
  response: ServerResponse,
  { status, code, detail }: AuthorProblem,
  requestId: string,
  extraHeaders: readonly string[],
): void {
  entryOf(response)?.failed(code, requestId)
  withoutCompression(response)
  const type = `urn:sallyport:problem:${code}`
  const body = JSON.stringify({ type, title: STATUS_CODES[status] ?? code, status, detail, code })
  const headers = ['x-request-id', requestId, ...problemHeaders(code, body), ...extraHeaders]
  // Required by RFC 9110 section 15.5.2; the author cannot set it.
  if (status === 401) headers.push('www-authenticate', challenge('token_missing'))
  sendResponse(response, status, headers, body)
}

/** Appends the headers that a denial's reason requires: the allowed methods, or when to retry. */
export function appendDenialHeaders(headers: string[], denied: Denied): void {
  // RFC 9110 sections 15.5.6 and 10.2.3. Seconds are rounded up, so that the retry is not too early.
  if (denied.reason === 'method_not_allowed') headers.push('allow', denied.allowed.join(', '))
  if (denied.reason === 'rate_limited' || denied.reason === 'maintenance') {
    headers.push('retry-after', String(Math.max(1, Math.ceil(denied.retryAfterMs / 1000))))
  }
  if (denied.reason === 'rate_limited') appendRateLimits(headers, denied.budgets)
}

/** Sends a JSON body and ends the response. */
export function sendJson(response: ServerResponse, status: number, requestId: string, body: unknown): void {
  const text = JSON.stringify(body)
  const headers = [
    'x-request-id',
    requestId,
    'content-type',
    'application/json',
    'content-length',
    String(Buffer.byteLength(text)),
    'cache-control',
    'no-store',
  ]
  sendResponse(response, status, headers, text)
}

/** A problem response as raw bytes that closes the connection, for when there is no response object. */
export function rawProblem(code: ProblemCode, requestId: string, detail?: string): Buffer {
  const { status, body, headers } =
    detail === undefined ? prepare(code) : makeProblem(code, JSON.stringify(problemBody(code, detail)))
  const reason = STATUS_CODES[status] ?? ''
  let head = `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\nx-request-id: ${requestId}\r\n`
  for (let index = 0; index + 1 < headers.length; index += 2) {
    head += `${headers[index] ?? ''}: ${headers[index + 1] ?? ''}\r\n`
  }
  return Buffer.from(`${head}\r\n${body}`)
}
