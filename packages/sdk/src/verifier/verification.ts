import type { SallyportError } from '../calls/sallyport-error.ts'
import type { Identity } from './identity.ts'

/** Headers by name in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>

/** An answer to send to the caller instead of that of your server. */
export interface Answer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** Empty for none. */
  readonly body: string
}

/** The request may pass: go on, with the caller's identity. */
export interface Allowed {
  readonly outcome: 'allowed'
  readonly identity: Identity
  /** The same as the seven `x-sallyport-*` headers, for a server behind yours. Replace all seven: callers can send their own. */
  readonly identityHeaders: AnswerHeaders
  /** To add to the answer of your server: what is left of the rate limits, and the headers of CORS. */
  readonly headers: AnswerHeaders
  /** Names the request in the records of the gateway. */
  readonly requestId: string | null
}

/** A browser asks whether a page of another origin may send a request: send this answer. */
export interface Preflight extends Answer {
  readonly outcome: 'preflight'
}

/** The request must not pass: send this answer. */
export interface Refused extends Answer {
  readonly outcome: 'refused'
  /** One of docs/errors.md. */
  readonly code: string
  /** What happened and what the caller can do next. */
  readonly detail: string
  readonly requestId: string | null
}

/** The gateway could not be asked, so the request must not pass: send this answer, which tells the caller nothing internal. */
export interface Unavailable extends Answer {
  readonly outcome: 'unavailable'
  readonly status: 503
  /** For you and not for the caller. */
  readonly error: SallyportError
}

/** Whether a request may pass. */
export type Verification = Allowed | Preflight | Refused | Unavailable

/** When the caller may try again, in seconds, if the gateway does not say it. */
const RETRY_AFTER_SECONDS = 5
const PROBLEM_HEADERS = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }

export function unavailable(error: SallyportError): Unavailable {
  const detail = 'The credential could not be checked. Send the request again in a few seconds.'
  return {
    outcome: 'unavailable',
    status: 503,
    headers: { ...PROBLEM_HEADERS, 'retry-after': String(error.retryAfterSeconds ?? RETRY_AFTER_SECONDS) },
    body: problem('unavailable', 503, 'The service is unavailable', detail),
    error,
  }
}

/** The refusal of a request that the gateway cannot be asked about. */
export function notValid(): Refused {
  const detail = 'The request target must begin with "/" and, like the headers, have only valid characters.'
  return {
    outcome: 'refused',
    status: 400,
    headers: PROBLEM_HEADERS,
    body: problem('invalid_request', 400, 'The request is not valid', detail),
    code: 'invalid_request',
    detail,
    requestId: null,
  }
}

function problem(code: string, status: number, title: string, detail: string): string {
  return JSON.stringify({ type: `urn:sallyport:problem:${code}`, title, status, detail, code })
}
