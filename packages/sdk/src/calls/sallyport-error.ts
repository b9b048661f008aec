/** Codes of errors that no server has answered with. Every other code is one of docs/errors.md. */
export type LocalErrorCode =
  /** There was no answer: the server could not be reached, or the connection ended. */
  | 'network_error'
  /** The answer was not one of Sallyport, but perhaps of a proxy before it. */
  | 'unexpected_answer'
  /** A message is not one of the webhook, or not of now. */
  | 'webhook_invalid'

/** A problem with one place of a request. */
export interface FieldError {
  /** A JSON Pointer (RFC 6901) into the body, or the name of a parameter. */
  readonly path: string
  /** What is wrong there, and what to do. */
  readonly message: string
}

export interface SallyportErrorFacts {
  readonly code: string
  readonly status: number
  readonly detail: string
  readonly requestId?: string | null
  readonly retryAfterSeconds?: number | null
  readonly problem?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** A call that failed. */
export class SallyportError extends Error {
  override readonly name = 'SallyportError'
  /** The stable code of the problem, such as `permission_missing`; or a `LocalErrorCode`. */
  readonly code: string
  /** The HTTP status of the answer; 0 if there was none. */
  readonly status: number
  /** What happened, and what to do next. The wording can change. */
  readonly detail: string
  /** Names the request in the logs of the server; null if there was no answer. */
  readonly requestId: string | null
  /** When to try again, in seconds from now; null unless the server said so. */
  readonly retryAfterSeconds: number | null
  /** Everything that the server said (RFC 9457); empty if it said nothing. */
  readonly problem: Readonly<Record<string, unknown>>

  constructor({
    code,
    status,
    detail,
    requestId = null,
    retryAfterSeconds = null,
    problem = {},
    cause,
  }: SallyportErrorFacts) {
    super(`${detail} (${code}${requestId === null ? '' : `, request ${requestId}`})`, { cause })
    this.code = code
    this.status = status
    this.detail = detail
    this.requestId = requestId
    this.retryAfterSeconds = retryAfterSeconds
    this.problem = problem
  }

  /** What is wrong with the input, place by place; empty if the problem is another one. */
  get errors(): readonly FieldError[] {
    const { errors } = this.problem
    return Array.isArray(errors) ? (errors as readonly FieldError[]) : []
  }
}

/** The part of an answer that its error is read from. */
export type AnswerHead = Pick<Response, 'status' | 'headers'>

/** Reads the error of an answer. Never throws. @param nowMs milliseconds since 1970 */
export async function errorOfAnswer(answer: Response, nowMs: number): Promise<SallyportError> {
  let text = ''
  try {
    text = await answer.text()
  } catch {
    // The status and the headers still say something.
  }
  return errorOfText(answer, text, nowMs)
}

/** The error of an answer with this body. @param nowMs milliseconds since 1970 */
export function errorOfText(head: AnswerHead, text: string, nowMs: number): SallyportError {
  const { status, headers } = head
  const retryAfterSeconds = retryAfter(headers.get('retry-after'), nowMs)
  const problem = problemOf(head, text)
  if (problem === null) return unexpectedAnswer(head, retryAfterSeconds)
  const { code, detail } = problem
  return new SallyportError({
    code,
    status,
    detail,
    requestId: headers.get('x-request-id'),
    retryAfterSeconds,
    problem,
  })
}

/** The error of an answer that is not one of Sallyport. */
export function unexpectedAnswer(
  { status, headers }: AnswerHead,
  retryAfterSeconds: number | null = null,
): SallyportError {
  return new SallyportError({
    code: 'unexpected_answer' satisfies LocalErrorCode,
    status,
    detail: `The answer with status ${status} is not one of Sallyport. Check the URL that you gave the SDK, and what stands before the server.`,
    requestId: headers.get('x-request-id'),
    retryAfterSeconds,
  })
}

/** The error of a request without an answer. */
export function networkError(cause: unknown): SallyportError {
  return new SallyportError({
    code: 'network_error' satisfies LocalErrorCode,
    status: 0,
    detail: 'The server could not be reached, or the connection ended before its answer.',
    cause,
  })
}

/** A problem of Sallyport (RFC 9457). */
export interface SallyportProblem extends Readonly<Record<string, unknown>> {
  readonly code: string
  readonly detail: string
}

/** The problem that an answer has as its body; null if it has none. */
export function problemOf({ headers }: AnswerHead, text: string): SallyportProblem | null {
  if (!/^application\/problem\+json\b/.test(headers.get('content-type') ?? '')) return null
  try {
    const body = JSON.parse(text) as Partial<SallyportProblem> | null
    const isProblem = typeof body?.code === 'string' && typeof body.detail === 'string'
    return isProblem ? (body as SallyportProblem) : null
  } catch {
    return null
  }
}

/** The value of `Retry-After` (RFC 9110 section 10.2.3) in seconds from now; null if there is none. */
function retryAfter(value: string | null, nowMs: number): number | null {
  if (value === null) return null
  if (/^\d+$/.test(value)) return Number(value)
  const atMs = Date.parse(value)
  return Number.isNaN(atMs) ? null : Math.max(0, Math.ceil((atMs - nowMs) / 1000))
}
