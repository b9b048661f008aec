import {
  errorOfText,
  networkError,
  problemOf,
  SallyportError,
  unexpectedAnswer,
} from '../calls/sallyport-error.ts'
import { IDENTITY_HEADERS, parseIdentity } from './identity.ts'
import { type AnswerHeaders, unavailable, type Verification } from './verification.ts'

/** The longest body of an answer that is read: problems have less than 1 KiB. */
const BODY_BYTES_MAX = 64 * 1024

const SHARED_HEADERS = [
  'ratelimit-policy',
  'ratelimit',
  'vary',
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
]
const REFUSAL_HEADERS = [
  'content-type',
  'cache-control',
  'www-authenticate',
  'retry-after',
  'allow',
  'x-request-id',
  'x-sallyport-code',
  ...SHARED_HEADERS,
]
const PREFLIGHT_HEADERS = [
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-max-age',
  ...SHARED_HEADERS,
]

/**
 * Reads the answer of `/authz`. Anything that is not surely an answer of the gateway is `unavailable`: some other server
 * may answer 200 to everything.
 *
 * @param nowMs milliseconds since 1970
 * @throws the error of a body that does not arrive
 */
export async function readAnswer(answer: Response, nowMs: number): Promise<Verification> {
  const { status, headers } = answer
  const text = await boundedText(answer)
  const requestId = headers.get('x-request-id')
  if (status === 200) {
    const identity = parseIdentity(headers)
    const outcome = headers.get('x-sallyport-outcome')
    if (identity !== null && outcome === 'allowed') {
      const identityHeaders = picked(headers, IDENTITY_HEADERS)
      return { outcome, identity, identityHeaders, headers: picked(headers, SHARED_HEADERS), requestId }
    }
    if (identity !== null && outcome === 'preflight') {
      return { outcome, status: 204, headers: picked(headers, PREFLIGHT_HEADERS), body: '' }
    }
    return unavailable(unexpectedAnswer(answer))
  }
  const problem = problemOf(answer, text)
  if (problem === null || problem.code !== headers.get('x-sallyport-code'))
    return unavailable(unexpectedAnswer(answer))
  if (status < 400 || status > 499) return unavailable(errorOfText(answer, text, nowMs))
  const { code, detail } = problem
  return {
    outcome: 'refused',
    status,
    code,
    detail,
    headers: picked(headers, REFUSAL_HEADERS),
    body: text,
    requestId,
  }
}

/** The verification of a request whose question failed. */
export function readFailure(cause: unknown): Verification {
  return unavailable(cause instanceof SallyportError ? cause : networkError(cause))
}

function picked(headers: Headers, names: readonly string[]): AnswerHeaders {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name)
      return value === null ? [] : [[name, value] as const]
    }),
  )
}

/** @throws SallyportError for a body that is too long */
async function boundedText(answer: Response): Promise<string> {
  if (answer.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  const reader = answer.body.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return text + decoder.decode()
    bytes += value.length
    if (bytes > BODY_BYTES_MAX) {
      await reader.cancel()
      throw unexpectedAnswer(answer)
    }
    text += decoder.decode(value, { stream: true })
  }
}
