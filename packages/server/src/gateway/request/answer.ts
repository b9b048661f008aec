import { STATUS_CODES, type ServerResponse } from 'node:http'
import {
  challenge,
  PROBLEMS,
  problemBody,
  type Denied,
  type DenyReason,
  type ProblemCode,
} from '@sallyport/core'
import { appendBudgets } from './rate-headers.ts'
import { endEarly } from './unread-body.ts'

interface PreparedProblem {
  readonly status: number
  /** As text: Node.js sends it in one write with the headers. */
  readonly body: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

const prepared = new Map<ProblemCode, PreparedProblem>()

/** A problem's answer with its usual detail, worked out on first use. */
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
  // Only a decision says 401, and every one of its reasons has a challenge.
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

/** What a problem's answer says beyond its code. */
export interface ProblemDetails {
  readonly detail?: string
  readonly extensions?: Readonly<Record<string, unknown>>
  /** The statuses that the proxy in front takes for a refusal; any other becomes 403. */
  readonly statuses?: ReadonlySet<number>
}

/**
 * Answers with a problem (RFC 9457) and ends the response.
 *
 * @param extraHeaders names and values in turn, sent with it
 */
export function answerProblem(
  response: ServerResponse,
  code: ProblemCode,
  requestId: string,
  extraHeaders: readonly string[],
  details: ProblemDetails = {},
): void {
  const problem =
    details.detail === undefined && details.extensions === undefined
      ? prepare(code)
      : makeProblem(code, JSON.stringify(problemBody(code, details.detail, details.extensions ?? {})))
  const headers = ['x-request-id', requestId, ...problem.headers, ...extraHeaders]
  const isTaken = details.statuses === undefined || details.statuses.has(problem.status)
  endEarly(response, isTaken ? problem.status : 403, headers, problem.body)
}

/** A problem that a pipeline's author has made. */
export interface OwnProblem {
  readonly status: number
  readonly code: string
  readonly detail: string
}

/** Answers with an author's problem, in the form of our own, and ends the response. */
export function answerOwnProblem(
  response: ServerResponse,
  { status, code, detail }: OwnProblem,
  requestId: string,
  extraHeaders: readonly string[],
): void {
  const type = `urn:sallyport:problem:${code}`
  const body = JSON.stringify({ type, title: STATUS_CODES[status] ?? code, status, detail, code })
  const headers = ['x-request-id', requestId, ...problemHeaders(code, body), ...extraHeaders]
  // RFC 9110 section 15.5.2 wants one, and the author has no say in it.
  if (status === 401) headers.push('www-authenticate', challenge('token_missing'))
  endEarly(response, status, headers, body)
}

/** Appends what a refusal's reason calls for: what is allowed, or when to try again. */
export function appendReason(headers: string[], denied: Denied): void {
  // RFC 9110 section 15.5.6, and section 10.2.3: whole seconds, rounded up so that the retry is not too early.
  if (denied.reason === 'method_not_allowed') headers.push('allow', denied.allowed.join(', '))
  if (denied.reason === 'rate_limited') {
    headers.push('retry-after', String(Math.max(1, Math.ceil(denied.retryAfterMs / 1000))))
    appendBudgets(headers, denied.budgets)
  }
}

/** Answers with a JSON body and ends the response. */
export function answerJson(response: ServerResponse, status: number, requestId: string, body: unknown): void {
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
  endEarly(response, status, headers, text)
}

/** A problem as raw bytes, closing the connection, for where there is no response object. */
export function rawProblem(code: ProblemCode, requestId: string): Buffer {
  const { status, body, headers } = prepare(code)
  const reason = STATUS_CODES[status] ?? ''
  let head = `HTTP/1.1 ${status} ${reason}\r\nconnection: close\r\nx-request-id: ${requestId}\r\n`
  for (let index = 0; index + 1 < headers.length; index += 2) {
    head += `${headers[index] ?? ''}: ${headers[index + 1] ?? ''}\r\n`
  }
  return Buffer.from(`${head}\r\n${body}`)
}
